"""Where in a template a word stands, and edits of it."""

from __future__ import annotations

import re

from conductor.core.finding import Edit, Place

_CODE = re.compile(r"\{[{%]")


def spot(file: str, text: str, line: int, word: str = "") -> tuple[Place, Place | None]:
    """Give where a word of a line begins and ends; without it, where the line's code begins."""
    written = text.split("\n")[line - 1] if 0 < line <= text.count("\n") + 1 else ""
    pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)") if word else _CODE
    if found := pattern.search(written):
        end = Place(file, line, found.end() + 1) if word else None
        return Place(file, line, found.start() + 1), end
    return Place(file, line), None


def replacing(file: str, text: str, start: int, end: int, new: str) -> Edit:
    """Make an edit of a part of a text, given by offsets."""
    return Edit(_place(file, text, start), _place(file, text, end), new)


def _place(file: str, text: str, offset: int) -> Place:
    before = text[:offset]
    return Place(file, before.count("\n") + 1, offset - before.rfind("\n"))
