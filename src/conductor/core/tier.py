"""The tiers an ensemble can live in, from the project it was made for to everybody's."""

from __future__ import annotations

from enum import StrEnum


class Tier(StrEnum):
    LOCAL = "local"
    GLOBAL = "global"
    LIBRARY = "library"

    @property
    def rank(self) -> int:
        return list(Tier).index(self)
