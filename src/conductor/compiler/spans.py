"""Where the parts of a text begin and end, looked for when somebody asks: most have no mistake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from conductor.compiler.spots import Path
from conductor.core.finding import Place, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Offsets by the path of each part of a text; headers of tables count as keys."""

    offsets: dict[Path, int] = field(default_factory=dict)  # of keys and items
    names: dict[Path, Span] = field(default_factory=dict)  # of keys as they are written
    values: dict[Path, Span] = field(default_factory=dict)
    entries: dict[Path, Span] = field(default_factory=dict)  # TOML: keys with values, listed tables


class Spans:
    """A text and its places."""

    def __init__(self, text: str, find: Callable[[], Places]) -> None:
        self.text = text
        self._find = find

    @cached_property
    def places(self) -> Places:
        return self._find()

    def place(self, file: str, offset: int) -> Place:
        start = self.text.rfind("\n", 0, offset) + 1
        return Place(file, self.text.count("\n", 0, offset) + 1, offset - start + 1)


NONE = Spans("", Places)
