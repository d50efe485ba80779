"""What Claude's tokens would have cost, by prices that the policy states with date and source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

_PER = 1_000_000  # tokens that a price is for


class Tokens(NamedTuple):
    """Tokens of Claude by what they cost: those that it writes, and those that it reads."""

    written: int
    read: int

    def plus(self, other: Tokens) -> Tokens:
        return Tokens(self.written + other.written, self.read + other.read)


NOTHING = Tokens(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Per million tokens, in `currency`."""

    input: float
    output: float
    currency: str
    date: str  # when the source said so
    source: str
    cache_write: float | None = None  # for what is read the first time; None: `input`

    def of(self, tokens: Tokens) -> float:
        """Give what tokens cost; what is read counts as read for the first time."""
        reading = self.input if self.cache_write is None else self.cache_write
        return (tokens.written * self.output + tokens.read * reading) / _PER


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A model of Claude that savings are told against."""

    model: str
    price: Price | None  # None: the policy has none
    stale: bool = False  # the price is older than the policy finds good
