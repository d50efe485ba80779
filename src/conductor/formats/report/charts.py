"""Charts of a report as SVG: no script, no style of their own, words for who cannot see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from conductor.core.evidence import Tally
from conductor.core.report import Line, Periods
from conductor.formats.report import words
from conductor.formats.text import safe

_WIDTH = 720
_BARS_HEIGHT, _BARS_TOP, _BARS_BOTTOM = 190, 24, 24
_GAP = 0.2  # of the room that a bar has
_ROW = 26
_LABEL, _RIGHT = 260, 110  # beside the rows
_LETTERS = 28  # of a label


def bars(found: Periods) -> str:
    """Draw what passed in each period, and above it what did not."""
    highest = max((one.saved + one.lost for one in found.each), default=0)
    if not highest:
        return ""
    room = (_WIDTH - 2) / len(found.each)
    height = _BARS_HEIGHT - _BARS_TOP - _BARS_BOTTOM
    base = _BARS_HEIGHT - _BARS_BOTTOM
    parts = [f'<line class="axis" x1="0" x2="{_WIDTH}" y1="{base}" y2="{base}"/>']
    for number, one in enumerate(found.each):
        x, wide = number * room + room * _GAP / 2, room * (1 - _GAP)
        passed, lost = one.saved / highest * height, one.lost / highest * height
        told = f"{one.day}: {words.number(one.saved)} passed, {words.number(one.lost)} did not"
        parts.append(
            f"<g><title>{_text(told)}</title>"
            f"{_box('passed', x, base - passed, wide, passed)}"
            f"{_box('lost', x, base - passed - lost, wide, lost)}</g>"
        )
    first, last = found.each[0].day, found.each[-1].day
    parts += [
        _label(0, _BARS_TOP - 10, f"{words.number(highest)} tokens"),
        _label(0, _BARS_HEIGHT - 6, first),
        _label(_WIDTH, _BARS_HEIGHT - 6, last, end=True) if last != first else "",
    ]
    return _svg(_BARS_HEIGHT, f"tokens from {first} to {last}, at most {highest}", parts)


def intervals(lines: Sequence[Line]) -> str:
    """Draw the acceptance of each ensemble by each judge: a dot in its 95 % interval."""
    rows = [(line.evidence.ensemble, tally) for line in lines for tally in line.evidence.tallies]
    if not rows:
        return ""
    parts = list(_scale(len(rows)))
    for number, (name, tally) in enumerate(rows):
        parts.extend(_interval(number, f"{name}, {tally.judge}", tally))
    return _svg((len(rows) + 1) * _ROW, "acceptance with 95 % intervals", parts)


def coverage(lines: Sequence[Line]) -> str:
    """Draw for each ensemble which share of its uses was judged."""
    used = [line for line in lines if line.evidence.uses]
    if not used:
        return ""
    parts = list(_scale(len(used)))
    for number, line in enumerate(used):
        middle, share = number * _ROW + _ROW / 2, min(1, line.judged / line.evidence.uses)
        told = f"{line.judged} of {line.evidence.uses}"
        parts += [
            _label(_LABEL - 12, middle + 4, _short(line.evidence.ensemble), end=True),
            _box("passed", _LABEL, middle - 6, _at(share) - _LABEL, 12),
            _label(_WIDTH - _RIGHT + 10, middle + 4, told),
        ]
    return _svg((len(used) + 1) * _ROW, "share of uses that were judged", parts)


def _interval(number: int, name: str, tally: Tally) -> Iterator[str]:
    middle = number * _ROW + _ROW / 2
    low, high = (_at(percent / 100) for percent in tally.interval_percent)
    dot = _at(tally.accepted / tally.judged)
    yield _label(_LABEL - 12, middle + 4, _short(name), end=True)
    yield f'<line class="interval" x1="{low:.1f}" x2="{high:.1f}" y1="{middle}" y2="{middle}"/>'
    yield f'<circle class="dot" cx="{dot:.1f}" cy="{middle}" r="5"/>'
    yield _label(_WIDTH - _RIGHT + 10, middle + 4, f"n = {tally.judged}")


def _scale(rows: int) -> Iterator[str]:
    bottom = rows * _ROW
    for percent in (0, 25, 50, 75, 100):
        x = _at(percent / 100)
        yield f'<line class="grid" x1="{x}" x2="{x}" y1="0" y2="{bottom}"/>'
        yield f'<text x="{x}" y="{bottom + 16}" text-anchor="middle">{percent} %</text>'


def _at(share: float) -> float:
    return _LABEL + share * (_WIDTH - _LABEL - _RIGHT)


def _svg(height: float, told: str, parts: Sequence[str]) -> str:
    head = f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{_text(told)}">'
    return f"{head}{''.join(parts)}</svg>"


def _box(kind: str, x: float, y: float, wide: float, high: float) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"'
    return f'<rect class="{kind}" {place}/>' if high and wide else ""


def _label(x: float, y: float, text: str, *, end: bool = False) -> str:
    anchor = ' text-anchor="end"' if end else ""
    return f'<text x="{x}" y="{y}"{anchor}>{_text(text)}</text>'


def _short(name: str) -> str:
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"


def _text(text: str) -> str:
    return escape(safe(text))
