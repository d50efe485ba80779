"""How far a judge agrees with people: never one number, because agreement alone hides much.

Sources: weighted kappa (Cohen, Psychological Bulletin 70, 1968), its interval by the percentile
bootstrap (Efron, 1979), and permutation tests for bias (Pitman, 1937).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log, sqrt
from statistics import fmean

from conductor.core.evidence import wilson
from conductor.core.rubric import Verdict

_POINTS = tuple(Verdict)  # the worst first
_RESAMPLES = 1_000

Draw = Callable[[], float]  # uniform in [0, 1): chance comes from outside, as time does


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One run, judged by a person and by the judge in question."""

    label: Verdict  # the person's
    given: Verdict  # the judge's
    length: int  # of the output, in tokens

    @property
    def error(self) -> int:
        """How many points the judge was too kind; negative: too strict."""
        return _POINTS.index(self.given) - _POINTS.index(self.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bias:
    """Whether errors go with something that should not matter."""

    correlation: float  # of the errors with it; in [-1, 1]
    chance: float  # how often shuffled errors would go with it as much, or more


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What pairs say about a judge; intervals are of 95 %."""

    judged: int
    confusion: tuple[tuple[int, int, int], ...]  # label by given, the worst first
    kappa: float
    kappa_interval: tuple[float, float]
    poor: int  # truly, by the person's label
    poor_found: int
    poor_interval: tuple[float, float]
    length: Bias
    order: Bias


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What a judge must show before it may judge alone; percentages are of lower bounds."""

    judged: int
    poor: int
    kappa_percent: int
    recall_percent: int
    canary_percent: int = 10  # of its judgements: planted outputs that are known to be poor
    audit_percent: int = 10  # of the runs that wait: left to people all the same
    judges: tuple[str, ...] = ()  # whom a person lets judge alone, by their full names


def agreement(pairs: Sequence[Pair], draw: Draw) -> Agreement:
    """Compare; `pairs` are in the order in which the judge judged. Needs at least one pair."""
    poor = [pair for pair in pairs if pair.label is Verdict.POOR]
    found = sum(pair.given is Verdict.POOR for pair in poor)
    errors = [float(pair.error) for pair in pairs]
    return Agreement(
        judged=len(pairs),
        confusion=confusion(pairs),
        kappa=weighted_kappa(confusion(pairs)),
        kappa_interval=kappa_interval(pairs, draw),
        poor=len(poor),
        poor_found=found,
        poor_interval=wilson(found, len(poor)),
        length=bias(errors, [log(1 + pair.length) for pair in pairs], draw),
        order=bias(errors, [float(number) for number in range(len(pairs))], draw),
    )


def confusion(pairs: Sequence[Pair]) -> tuple[tuple[int, int, int], ...]:
    """Count by label (rows) and given verdict (columns), the worst first."""
    counts = [[0, 0, 0] for _ in _POINTS]
    for pair in pairs:
        counts[_POINTS.index(pair.label)][_POINTS.index(pair.given)] += 1
    return tuple((row[0], row[1], row[2]) for row in counts)


def weighted_kappa(table: Sequence[Sequence[int]]) -> float:
    """Give Cohen's kappa with quadratic weights: poor for good costs four times a neighbour.

    1 is agreement, 0 what chance gives. Without any spread there is nothing to agree about: then
    it is 1 if all verdicts are equal, else 0.
    """
    total = sum(map(sum, table))
    rows = [sum(row) for row in table]
    columns = [sum(column) for column in zip(*table, strict=True)]
    seen = expected = 0.0
    for one, row in enumerate(table):
        for other, count in enumerate(row):
            weight = (one - other) ** 2
            seen += weight * count
            expected += weight * rows[one] * columns[other] / total
    if expected == 0.0:
        return 1.0 if seen == 0.0 else 0.0
    return 1.0 - seen / expected


def kappa_interval(pairs: Sequence[Pair], draw: Draw) -> tuple[float, float]:
    """Give the 95 % percentile interval over resampled pairs."""
    count = len(pairs)
    found = sorted(
        weighted_kappa(confusion([pairs[int(draw() * count)] for _ in pairs]))
        for _ in range(_RESAMPLES)
    )
    edge = _RESAMPLES // 40
    return found[edge], found[-edge - 1]


def bias(errors: Sequence[float], along: Sequence[float], draw: Draw) -> Bias:
    """Correlate errors with something, and with shuffles of them."""
    seen, as_much = _correlation(errors, along), 0
    for _ in range(_RESAMPLES):
        shuffled = sorted(errors, key=lambda _: draw())
        as_much += abs(_correlation(shuffled, along)) >= abs(seen) - 1e-12
    return Bias(correlation=seen, chance=(as_much + 1) / (_RESAMPLES + 1))


def missing(rule: Handover, found: Agreement) -> tuple[str, ...]:
    """Say what a judge lacks before it may judge alone; nothing: a person may let it."""
    kappa, recall = (round(100 * low) for low in (found.kappa_interval[0], found.poor_interval[0]))
    wants = (
        (found.judged, rule.judged, "runs that people judged as well"),
        (found.poor, rule.poor, "of them poor"),
        (kappa, rule.kappa_percent, "% at the lower end of kappa"),
        (recall, rule.recall_percent, "% at the lower end of the poor ones found"),
    )
    return tuple(f"{seen} of {wanted} {what}" for seen, wanted, what in wants if seen < wanted)


def _correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Give Pearson's correlation; 0 when one of them does not vary."""
    middle, center = fmean(one), fmean(other)
    across = sum((x - middle) ** 2 for x in one)
    along = sum((y - center) ** 2 for y in other)
    if across < 1e-12 or along < 1e-12:  # noqa: PLR2004 - nothing but rounding
        return 0.0
    both = sum((x - middle) * (y - center) for x, y in zip(one, other, strict=True))
    return both / sqrt(across * along)
