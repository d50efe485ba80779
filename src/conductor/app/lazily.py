"""A folder as a mapping: only what somebody asks for is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

T = TypeVar("T")


class Lazily(Mapping[str, T]):
    """Reads each key once; what `read` gives None for is not there."""

    def __init__(self, read: Callable[[str], T | None]) -> None:
        self._read = read
        self._seen: dict[str, T | None] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._seen:
            self._seen[name] = self._read(name)
        value = self._seen[name]
        if value is None:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter([name for name, value in self._seen.items() if value is not None])

    def __len__(self) -> int:
        return len(list(iter(self)))
