"""Outputs that are poor for certain, made of one that was judged good: they watch a judge.

A planted pair has the input of the good one, so a judge cannot tell it from a run.
"""

from __future__ import annotations

from dataclasses import dataclass

from conductor.core.digest import digest
from conductor.core.near import clusters
from conductor.core.sampling import draw

SWAPPED, GARBLED = "swapped", "garbled"
_FEWEST = 8  # words of which a different order makes no sense


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """A planted pair; `digest` names it in the ledger, which keeps none of its text by this."""

    kind: str  # how it was made poor
    input: str
    output: str

    @property
    def digest(self) -> str:
        return digest({"input": self.input, "output": self.output})


def drawn(run_id: str, percent: int) -> bool:
    """Draw, from the id of the run that is judged, whether a canary comes with it."""
    return draw(f"canary {run_id}") * 100 < percent


def swapped(one: tuple[str, str], other: tuple[str, str]) -> Canary | None:
    """Answer one input with the output for another; None where that could be right as well."""
    if one[1].split() == other[1].split() or clusters([one[0], other[0]]) != [0, 1]:
        return None
    return Canary(kind=SWAPPED, input=one[0], output=other[1])


def garbled(one: tuple[str, str]) -> Canary | None:
    """Put the words of an output into an order that says nothing; None for few words."""
    words = one[1].split()
    mixed = sorted(words, key=digest)
    if len(set(words)) < _FEWEST or mixed == words:
        return None
    return Canary(kind=GARBLED, input=one[0], output=" ".join(mixed))
