"""An output with other items than its input: one was dropped, or one came from nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from conductor.core.checks.material import Material
from conductor.core.run import Check

_ITEM = re.compile(r"^[ \t]*(?:[-*•+]|\(?\d{1,3}[.):])[ \t]", re.MULTILINE)
_HEADING = re.compile(r"^#{2,6} ", re.MULTILINE)
_BLANK = re.compile(r"\n[ \t]*\n")


def check(material: Material) -> Check | None:
    if material.expected.items is None:
        return None
    unit, other = material.expected.items
    given = UNITS[unit](material.input.strip(), None)
    came = UNITS[other](material.answer, material.data)
    detail = "" if given == came else f"{given} {unit} went in and {came} {other} came out"
    return Check(name="items", passed=not detail, detail=detail)


def _entries(text: str, data: object) -> int:
    """Count the entries of the list that JSON is, or of the lists that it holds."""
    if isinstance(data, list):
        return len(data)
    if isinstance(data, Mapping):
        return sum(_entries(text, inner) for inner in data.values())
    return 0


def _paragraphs(text: str, _: object) -> int:
    return sum(bool(part.strip()) for part in _BLANK.split(text))


# What can be counted; text and, where it is JSON, its value.
UNITS: Mapping[str, Callable[[str, object], int]] = {
    "lines": lambda text, _: sum(bool(line.strip()) for line in text.splitlines()),
    "paragraphs": _paragraphs,
    "list items": lambda text, _: len(_ITEM.findall(text)),
    "headings": lambda text, _: len(_HEADING.findall(text)),
    "entries": _entries,
}
