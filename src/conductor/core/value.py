"""The base of values that a cold `route` loads.

Dataclasses bring in `inspect`, and NamedTuple brings in `typing`: together they would cost more
than the decision. So these values are plain slotted classes, equal by content.
"""

from __future__ import annotations


class Value:
    """Compared, hashed and shown by its slots; treat instances as frozen."""

    __slots__: tuple[str, ...] = ()

    def _content(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._content() == other._content()

    def __hash__(self) -> int:
        return hash((type(self), self._content()))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"{type(self).__name__}({fields})"
