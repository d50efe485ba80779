"""Where things stand in a text, looked for when somebody asks: most texts have no mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

Path = tuple[str | int, ...]
Spot = tuple[int, int]  # line and column, from 1


class Spots(Mapping[Path, Spot]):
    """The places of the keys and items of one text."""

    def __init__(self, find: Callable[[], Mapping[Path, Spot]]) -> None:
        self._find = find

    @cached_property
    def _found(self) -> Mapping[Path, Spot]:
        return self._find()

    def __getitem__(self, path: Path) -> Spot:
        return self._found[path]

    def __iter__(self) -> Iterator[Path]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)
