"""An ensemble against a rival on the same inputs, and whether it earns what it costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from conductor.core.evidence import wilson
from conductor.core.paired import LEAST, Middle, differs, middle


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One side on one input. `met` of `asked` expectations; all of them count alike."""

    met: int
    asked: int
    unmet: tuple[str, ...]
    tokens: int  # read and written by the models
    seconds: float
    failure: str = ""  # why it did not run to its end; then nothing is said of its quality


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One golden input with what both sides made of it."""

    example: str
    ours: Trial
    theirs: Trial

    @property
    def counts(self) -> bool:
        return not (self.ours.failure or self.theirs.failure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Sums over the inputs that count."""

    met: int
    asked: int
    whole: int  # inputs on which every expectation is met
    inputs: int
    tokens: int
    seconds: float

    @property
    def interval_percent(self) -> tuple[int, int]:
        """The 95 % interval of the share of inputs on which all is met, rounded to whole."""
        low, high = wilson(self.whole, self.inputs)
        return round(low * 100), round(high * 100)


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    OPEN = "open"


@dataclass(frozen=True, kw_only=True)
class Contest:
    """INVARIANT: at least one pair counts."""

    ensemble: str
    rival: str
    pairs: tuple[Pair, ...]

    @cached_property
    def counted(self) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.pairs if pair.counts)

    @cached_property
    def ours(self) -> Side:
        return _side([pair.ours for pair in self.counted])

    @cached_property
    def theirs(self) -> Side:
        return _side([pair.theirs for pair in self.counted])

    @property
    def better(self) -> int:
        return sum(pair.ours.met > pair.theirs.met for pair in self.counted)

    @property
    def worse(self) -> int:
        return sum(pair.ours.met < pair.theirs.met for pair in self.counted)

    @cached_property
    def tokens(self) -> Middle:
        """How many times the rival's tokens ours takes, input by input."""
        return self._ratio(lambda one: one.tokens)

    @cached_property
    def seconds(self) -> Middle:
        return self._ratio(lambda one: one.seconds)

    @property
    def earns(self) -> Answer:
        """Yes and no hold at 95 %; no better on enough inputs, at a higher price, is a no too."""
        enough = len(self.counted) >= LEAST
        if differs(self.better, self.worse):
            return Answer.YES if self.better > self.worse else Answer.NO
        if enough and self.better <= self.worse and self.tokens.value > 1:
            return Answer.NO
        return Answer.OPEN

    @property
    def sentence(self) -> str:
        """Say in plain words whether the ensemble earns its keep."""
        score = (
            f"better on {self.better} of {len(self.counted)}, worse on {self.worse},"
            f" for {self.tokens.value:.1f} times the tokens"
        )
        if self.earns is Answer.YES:
            return f"`{self.ensemble}` earns its keep against `{self.rival}`: {score}"
        if self.earns is Answer.NO:
            return f"`{self.ensemble}` does not earn its keep: {score}; use `{self.rival}`"
        if len(self.counted) < LEAST:
            return f"too few inputs to tell, it takes {LEAST} at least: so far {score}"
        return f"not shown that `{self.ensemble}` earns its keep: {score}"

    def _ratio(self, of: Callable[[Trial], float]) -> Middle:
        return middle([_over(of(pair.ours), of(pair.theirs)) for pair in self.counted])


def _over(ours: float, theirs: float) -> float:
    """Divide; where the rival took nothing at all, one is as good as the other."""
    return ours / theirs if theirs else 1.0


def _side(trials: Sequence[Trial]) -> Side:
    return Side(
        met=sum(one.met for one in trials),
        asked=sum(one.asked for one in trials),
        whole=sum(one.met == one.asked for one in trials),
        inputs=len(trials),
        tokens=sum(one.tokens for one in trials),
        seconds=round(sum(one.seconds for one in trials), 3),
    )
