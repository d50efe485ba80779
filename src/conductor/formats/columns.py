"""Two texts side by side, as wide as the terminal: what went in, and what came out of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import zip_longest

from conductor.formats.text import safe

_LEAST = 72  # cells below which two columns would be too narrow to read
_BETWEEN = " │ "
_WIDE = {"W", "F"}  # East Asian widths that take two cells


def side_by_side(left: tuple[str, str], right: tuple[str, str], *, width: int, rows: int) -> str:
    """Lay out two (title, text) pairs in at most `width` cells and about `rows` lines each.

    On a narrow terminal one stands below the other. Foreign escapes are shown, not obeyed.
    """
    if width < _LEAST:
        return "\n\n".join(
            f"{title}\n" + "\n".join(_cut(list(wrapped(text, width)), rows))
            for title, text in (left, right)
        )
    half = (width - len(_BETWEEN)) // 2
    columns = [
        [title, "─" * half, *_cut(list(wrapped(text, half)), rows)] for title, text in (left, right)
    ]
    return "\n".join(
        f"{one}{' ' * (half - cells(one))}{_BETWEEN}{other}".rstrip()
        for one, other in zip_longest(*columns, fillvalue="")
    )


def wrapped(text: str, width: int) -> Iterator[str]:
    """Break into lines of at most `width` cells, between words where there are any."""
    for line in safe(text).expandtabs(4).split("\n"):
        yield from _lines(line, width)


def cells(text: str) -> int:
    """Count the cells of a terminal that a text without control characters takes."""
    return sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Me", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


def _lines(line: str, width: int) -> Iterator[str]:
    rest = line
    while True:
        end = _fitting(rest, width)
        if end == len(rest):
            yield rest
            return
        space = rest.rfind(" ", 1, end + 1)
        at = space if space > 0 and rest[:space].strip() else end
        yield rest[:at].rstrip()
        rest = rest[at:].lstrip(" ")


def _fitting(text: str, width: int) -> int:
    """Count the characters that fit; at least one, so that every text ends."""
    taken = 0
    for number, character in enumerate(text):
        taken += _cells(character)
        if taken > width:
            return max(1, number)
    return len(text)


def _cut(lines: list[str], rows: int) -> list[str]:
    """Keep the beginning and the end, where a text that was cut off shows it."""
    if len(lines) <= rows:
        return lines
    tail = max(1, rows // 4)
    head = rows - tail - 1
    return [*lines[:head], f"… {len(lines) - head - tail} more lines …", *lines[-tail:]]
