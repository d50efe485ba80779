"""A report for a terminal: one screen, at most 100 columns wide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from conductor.core.report import Periods, Report
from conductor.formats.columns import cells
from conductor.formats.report import words
from conductor.formats.report.outline import FIRST_STEP, NOTHING_YET, outline
from conductor.formats.report.section import Cells, Section
from conductor.formats.text import safe

_WIDTH = 100
_INDENT = "  "
_WIDEST = 44  # of one cell
_ROWS = 14  # of one table; the rest is counted
_NOTES = 4
_SLOTS = 52  # days or weeks in a line
_BARS = " ▁▂▃▄▅▆▇█"
_MORE = "conductor report --format markdown"


def text(report: Report) -> str:
    """Lay the report out; foreign escapes are shown, not obeyed."""
    if report.empty:
        told = [line for one in outline(report) for line in _lines(one, report)]
        return "\n".join([NOTHING_YET, *told, f"next: {FIRST_STEP}"])
    tables = [one for one in outline(report) if _has_table(one)]
    sentences = [one for one in outline(report) if not _has_table(one)]
    waiting = [one for one in tables if one.key == "next"]
    blocks = ["\n".join(_block(one)) for one in tables if one.key != "next"]
    blocks.append("\n".join(line for one in sentences for line in _lines(one, report)))
    blocks += ["\n".join(_block(one)) for one in waiting]
    return "\n\n".join(block for block in blocks if block)


def _has_table(one: Section) -> bool:
    return bool(one.rows) and one.brief != () and one.key != "time"


def _block(section: Section) -> Iterator[str]:
    yield section.title
    for sentence in section.lead:
        yield from _wrapped(sentence)
    yield from _table(section)
    notes = section.notes if section.brief is None else section.brief
    for note in notes[:_NOTES]:
        yield from _wrapped(note)
    if len(notes) > _NOTES:
        yield f"  … and {len(notes) - _NOTES} more: {_MORE}"


def _lines(section: Section, report: Report) -> Iterator[str]:
    """Tell a section in sentences, for which a screen has room."""
    if section.key == "time":
        yield from _bars(section.title, report.periods)
        return
    for number, sentence in enumerate(section.lead):
        told = sentence if number else f"{section.title}: {sentence}"
        yield from _wrapped(told, indent=_INDENT if number else "")


def _table(section: Section) -> Iterator[str]:
    shown = [tuple(_cut(safe(cell)) for cell in row) for row in section.rows[:_ROWS]]
    if not shown:
        return
    widths = [max(map(cells, column)) for column in zip(section.head, *shown, strict=True)]
    for row in (section.head, *shown):
        yield _row(row, widths, section)
    if len(section.rows) > _ROWS:
        yield f"  … and {len(section.rows) - _ROWS} more: {_MORE}"


def _row(row: Cells, widths: Sequence[int], section: Section) -> str:
    padded = []
    for at, (cell, width) in enumerate(zip(row, widths, strict=True)):
        space = " " * (width - cells(cell))
        padded.append(space + cell if at in section.numeric else cell + space)
    return f"  {'  '.join(padded)}".rstrip()


def _cut(cell: str) -> str:
    return cell if len(cell) <= _WIDEST else f"{cell[: _WIDEST - 1]}…"


def _wrapped(sentence: str, indent: str = _INDENT) -> list[str]:
    kept = safe(sentence).replace(" %", "\N{NO-BREAK SPACE}%")
    lines = wrap(
        kept,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=2 * _INDENT,
        break_on_hyphens=False,
    )
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def _bars(title: str, found: Periods) -> Iterator[str]:
    highest = max((one.saved for one in found.each), default=0)
    if not highest:
        return
    newest, last = found.each[-_SLOTS:], len(_BARS) - 1
    bars = "".join(_BARS[-(-one.saved * last // highest)] for one in newest)
    yield title
    yield f"  {newest[0].day} {bars} {newest[-1].day}, at most {words.number(highest)}"
