"""A signal as a value: what must be found in a text, and what that says."""

from __future__ import annotations

from conductor.core.facts import Scalar
from conductor.core.value import Value

EVERYWHERE, ANYWHERE, START, OPENING, ENDING, INSTRUCTION = (
    "everywhere",
    "anywhere",
    "start",
    "opening",
    "ending",
    "instruction",
)  # where a phrase must stand

Amount = tuple[str, int, int | None]  # what is counted, at least, and at most (None: any)
Pattern = tuple[str, tuple[str, ...]]  # a regular expression, and texts of which it needs one


class Signal(Value):
    """What is set must be found, all of it: that is how signals combine.

    INVARIANT: a signal has a `value`, or `count`, or `measure`; without any of them it is a cue,
    which only `with_` and `without` of later signals look at. Patterns are linear-time: the
    compiler refuses others.
    """

    __slots__ = (
        "amounts",
        "count",
        "fact",
        "id",
        "least",
        "measure",
        "order",
        "patterns",
        "phrases",
        "shapes",
        "unless",
        "value",
        "weight",
        "where",
        "with_",
        "without",
    )

    def __init__(
        self,
        id: str,  # noqa: A002 - the word that policy files use
        fact: str,
        *,
        value: Scalar | None = None,
        phrases: tuple[str, ...] = (),
        order: tuple[tuple[str, ...], ...] = (),
        patterns: tuple[Pattern, ...] = (),
        shapes: tuple[str, ...] = (),
        amounts: tuple[Amount, ...] = (),
        with_: tuple[str, ...] = (),
        least: int = 0,
        without: tuple[str, ...] = (),
        count: tuple[str, ...] = (),
        measure: str = "",
        unless: tuple[str, ...] = (),
        weight: int = 1,
        where: str = ANYWHERE,
    ) -> None:
        self.id = id
        self.fact = fact
        self.value = value
        self.phrases = phrases  # normalised; any of them
        self.order = order  # normalised; one of each, one after the other in one sentence
        self.patterns = patterns  # over the text in lower case; any of them
        self.shapes = shapes  # any of them
        self.amounts = amounts  # all of them
        self.with_ = with_  # ids of earlier signals: all of them, or `least`
        self.least = least  # how many of `with_`; 0: all
        self.without = without  # ids of earlier signals: none of them
        self.count = count  # normalised: how often they occur together
        self.measure = measure
        self.unless = unless  # normalised: none of them (of `measure`: the document is elsewhere)
        self.weight = weight  # per occurrence where `count` has a `value`; may be negative
        self.where = where  # of phrases
