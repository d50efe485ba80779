"""A report as plain values: every form in which it is shown is written from these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from conductor.core.closure import Change, Kind
from conductor.core.evidence import USED, Evidence, Tally, add_tallies
from conductor.core.footprint import Footprint, footprint
from conductor.core.insights import Insight
from conductor.core.learning import LoraCandidate
from conductor.core.price import Baseline
from conductor.core.promotion import Standing
from conductor.core.run import Run, RunStatus
from conductor.core.sampling import Stage
from conductor.core.savings import Savings
from conductor.core.usage import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Superseded:
    """Evaluations of an older form, which no longer count, and what is different since."""

    evaluations: int
    changes: tuple[tuple[Kind, str, Change], ...] | None  # None: not remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One ensemble in its present form; `judged` runs are those with any verdict."""

    evidence: Evidence
    stage: Stage
    standings: tuple[Standing, ...]
    superseded: tuple[Superseded, ...]  # the newest form first
    judged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What happened in a day or a week that begins with `day`, in runs and tokens of Claude."""

    day: str
    runs: int
    saved: int  # tokens of the outputs that passed their checks
    lost: int  # tokens of those that did not


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """The time from the first run to the last one, without gaps."""

    days: int  # of each period: 1 or 7
    each: tuple[Period, ...]  # oldest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalations:
    """How one ensemble's runs ended, over all its forms."""

    ensemble: str
    uses: int
    rejected: int  # a check turned the output down: the task went on, as the rule says
    failed: int  # engine, server, model or a person stopped it; no use


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Tasks that small models might have had, among the newest logged decisions."""

    decisions: int  # that were looked at
    local: int  # of them decided for small models
    unused: int  # of those, no run names the decision
    near: tuple[Insight, ...]  # one condition kept them


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    revision: str
    made_on: str  # UTC, as in `2026-11-25`
    lines: tuple[Line, ...]
    savings: Savings
    baselines: tuple[Baseline, ...]
    periods: Periods
    escalations: tuple[Escalations, ...]  # sorted by name
    paying: Mapping[str, Footprint]  # of each ensemble, over all its forms
    missed: Missed
    pending: tuple[Run, ...]
    candidates: tuple[LoraCandidate, ...]
    decisions: Mapping[str, int]  # by outcome

    @property
    def empty(self) -> bool:
        """Tell whether nothing was ever run."""
        return not self.escalations

    @property
    def context(self) -> Footprint:
        """Give what the plugin costs in Claude's context, and whether runs here pay for it."""
        return footprint(self.savings.per_run)

    @property
    def unpaying(self) -> Mapping[str, Footprint]:
        """Give the ensembles whose outputs are worth less than the calls that bring them."""
        return {
            name: one
            for name, one in self.paying.items()
            if one.saved_per_run and one.pays_from is None
        }


def by_task(lines: Sequence[Line]) -> Mapping[str, tuple[Tally, ...]]:
    """Add up the verdicts about present forms by task type, judge by judge."""
    found: dict[str, list[Tally]] = {}
    for line in lines:
        if line.evidence.tallies:
            found.setdefault(line.evidence.task or "?", []).extend(line.evidence.tallies)
    return {task: add_tallies(found[task]) for task in sorted(found)}


def escalations(usage: Sequence[Usage]) -> tuple[Escalations, ...]:
    """Count how the runs of each ensemble ended."""
    grouped = by_ensemble(usage)
    return tuple(_escalations(name, grouped[name]) for name in sorted(grouped))


def by_ensemble(usage: Iterable[Usage]) -> Mapping[str, Sequence[Usage]]:
    """Group what ran by its ensemble."""
    grouped: dict[str, list[Usage]] = {}
    for one in usage:
        grouped.setdefault(one.ensemble, []).append(one)
    return grouped


def _escalations(name: str, usage: Sequence[Usage]) -> Escalations:
    uses = sum(one.runs for one in usage if one.status in USED)
    rejected = sum(one.runs for one in usage if one.status is RunStatus.REJECTED)
    return Escalations(
        ensemble=name,
        uses=uses,
        rejected=rejected,
        failed=sum(one.runs for one in usage) - uses,
    )
