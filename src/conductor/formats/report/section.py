"""A part of a report that every form lays out in its own way."""

from __future__ import annotations

from dataclasses import dataclass

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A title, a table, and sentences before and after it. A part that is empty is left out."""

    key: str  # stable: a chart or a link may be for it
    title: str
    lead: tuple[str, ...] = ()
    head: Cells = ()
    rows: tuple[Cells, ...] = ()
    numeric: frozenset[int] = frozenset()  # columns that are numbers
    notes: tuple[str, ...] = ()
    brief: tuple[str, ...] | None = None  # for a terminal, instead of everything; None: all of it
