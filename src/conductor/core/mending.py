"""Carrying out edits: what they do not touch stays as it is, to the byte."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from conductor.core.finding import Edit, Finding, Place


def mended(text: str, edits: Iterable[Edit]) -> str:
    """Carry out edits of one text, which do not overlap; new lines end as those of the text do."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    ending = "\r\n" if "\r\n" in text else "\n"
    for one in sorted(edits, key=lambda edit: edit.at, reverse=True):
        start, end = (
            min(starts[at.line - 1] + at.column - 1, len(text)) for at in (one.at, one.end)
        )
        text = text[:start] + one.text.replace("\n", ending) + text[end:]
    return text


def together(found: Iterable[Finding]) -> list[Finding]:
    """Choose findings whose fixes can be made at once: no two edits of them touch."""
    chosen: list[Finding] = []
    edits: list[Edit] = []
    for one in found:
        wanted = [*edits, *(one.fix.edits if one.fix else ())]
        if one.fix and apart(wanted):
            chosen.append(one)
            edits = wanted
    return chosen


def apart(edits: Sequence[Edit]) -> bool:
    """Tell whether no two edits touch; two insertions at one place do."""
    inside = sorted(edits, key=_extent)
    return all(one.end <= two.at and one.at != two.at for one, two in pairwise(inside))


def _extent(edit: Edit) -> tuple[Place, Place]:
    return edit.at, edit.end
