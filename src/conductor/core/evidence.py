"""What the evaluations of one closure with its models add up to. Judges are never mixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import floor, sqrt

from conductor.core.delegation import Measured
from conductor.core.evaluation import Evaluation, Verdict
from conductor.core.judged import Judged
from conductor.core.lineage import lineage
from conductor.core.run import RunStatus
from conductor.core.sampling import Known, Sampling, stage, whole_percent
from conductor.core.usage import Usage

_Z = 1.96  # standard deviations of a 95 % interval
USED = (RunStatus.SUCCEEDED, RunStatus.REJECTED)  # what failed or was interrupted is no use


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The verdicts of one judge."""

    judge: str
    poor: int
    acceptable: int
    good: int

    @property
    def judged(self) -> int:
        return self.poor + self.acceptable + self.good

    @property
    def accepted(self) -> int:
        return self.acceptable + self.good

    @property
    def acceptance_percent(self) -> int:
        """The share of accepted verdicts, rounded down; 0 without a verdict."""
        return whole_percent(self.accepted, self.judged)

    @property
    def interval_percent(self) -> tuple[int, int]:
        """The 95 % interval of the acceptance, rounded outwards."""
        return percent_interval(self.accepted, self.judged)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one form did of one task type and its children, as the judge of most of it says."""

    uses: int
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What counts of a form: all of it, or what came after it drifted."""

    uses: int
    tallies: Mapping[str, tuple[Tally, ...]]  # by bound digest
    rejected: int = 0
    reason: str = ""  # why it drifted; empty: it did not


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One ensemble in one form, since it drifted if it did. `tallies` are sorted by judge."""

    ensemble: str
    task: str
    text_digest: str
    bound_digest: str
    uses: int
    rejected: int  # uses whose output failed a check
    tallies: tuple[Tally, ...]
    drifted: str = ""  # why it went back to calibration
    by_task: Mapping[str, Part] = field(default_factory=dict)  # with what their children did

    @property
    def leading(self) -> Tally:
        """The judge whose figures decisions look at."""
        return leading(self.tallies)

    @property
    def known(self) -> Known:
        """What sampling decides from."""
        judged = self.leading
        return Known(
            uses=self.uses, judged=judged.judged, accepted=judged.accepted, drifted=self.drifted
        )


def leading(tallies: Iterable[Tally]) -> Tally:
    """Give the judge with most verdicts; one without any when nobody judged."""
    nobody = Tally(judge="", poor=0, acceptable=0, good=0)
    return max(tallies, key=lambda tally: tally.judged, default=nobody)


def wilson(accepted: int, judged: int, z: float = _Z) -> tuple[float, float]:
    """Give the Wilson interval of a share, 95 % unless told otherwise; (0, 1) without data."""
    if judged == 0:
        return 0.0, 1.0
    share = accepted / judged
    spread = z * z / judged
    middle = share + spread / 2
    margin = z * sqrt(share * (1 - share) / judged + spread / (4 * judged))
    scale = 1 + spread
    return max(0.0, (middle - margin) / scale), min(1.0, (middle + margin) / scale)


def percent_interval(accepted: int, judged: int) -> tuple[int, int]:
    """Give the 95 % interval of a share in percent, rounded outwards."""
    low, high = wilson(accepted, judged)
    return floor(low * 100), -floor(-high * 100)


def tally(evaluations: Iterable[Evaluation]) -> tuple[Tally, ...]:
    """Count verdicts, judge by judge."""
    ordered = sorted(evaluations, key=lambda one: one.judge)
    tallies = []
    for judge, group in groupby(ordered, key=lambda one: one.judge):
        verdicts = [one.verdict for one in group]
        counts = {str(verdict): verdicts.count(verdict) for verdict in Verdict}
        tallies.append(Tally(judge=judge, **counts))
    return tuple(tallies)


def add_tallies(tallies: Iterable[Tally]) -> tuple[Tally, ...]:
    """Add up what each judge said about several forms; sorted by judge."""
    ordered = sorted(tallies, key=lambda one: one.judge)
    added = []
    for judge, group in groupby(ordered, key=lambda one: one.judge):
        ones = list(group)
        counts = {str(word): sum(getattr(one, word) for one in ones) for word in Verdict}
        added.append(Tally(judge=judge, **counts))
    return tuple(added)


def weigh(
    usage: Sequence[Usage],
    tallies: Mapping[str, tuple[Tally, ...]],
    drifts: Mapping[str, Since] | None = None,
    judged: Sequence[Judged] = (),
) -> tuple[Evidence, ...]:
    """Add up, for each ensemble, what is known about its newest form; sorted by name.

    `tallies` and `drifts` are by bound digest. Evaluations of older forms do not count, and of a
    form that drifted only what came after, as a whole. `judged` are verdicts by task type.
    """
    return tuple(_weigh(form, usage, tallies, drifts or {}, judged) for form in newest_forms(usage))


def newest_forms(usage: Sequence[Usage]) -> tuple[Usage, ...]:
    """Give, for each ensemble, a usage of the form that it ran in last; sorted by name."""
    newest: dict[str, Usage] = {}
    for one in sorted(usage, key=lambda one: one.last_run):
        if one.status in USED:
            newest[one.ensemble] = one
    return tuple(newest[name] for name in sorted(newest))


def snapshot(
    evidence: Iterable[Evidence], sampling: Sampling, measured: Mapping[str, Measured]
) -> dict[str, object]:
    """Give the document that `route` reads, and people through `ensembles show`."""
    rows = {}
    for one in evidence:
        judged, where = one.leading, stage(sampling, one.known)
        rows[one.ensemble] = {
            "text_digest": one.text_digest,
            "bound_digest": one.bound_digest,
            "uses": one.uses,
            "judge": judged.judge,
            "judged": judged.judged,
            "accepted": judged.accepted,
            "acceptance_percent": judged.acceptance_percent,
            "lower_percent": judged.interval_percent[0],
            "state": where.state,
            "reason": where.reason,
            "measured": measured[one.ensemble].to_json() if one.ensemble in measured else None,
            "tasks": {
                task: {
                    "uses": part.uses,
                    "acceptance_percent": part.tally.acceptance_percent,
                    "lower_percent": part.tally.interval_percent[0],
                }
                for task, part in one.by_task.items()
                if part.tally.judged >= sampling.type_judged
            },
        }
    return {"format": 1, "ensembles": rows}


def _weigh(
    newest: Usage,
    usage: Sequence[Usage],
    tallies: Mapping[str, tuple[Tally, ...]],
    drifts: Mapping[str, Since],
    judged: Sequence[Judged],
) -> Evidence:
    digest = newest.bound_digest
    uses = [one for one in usage if one.bound_digest == digest and one.status in USED]
    task = _common(one.task for one in uses)
    if since := drifts.get(digest):
        return Evidence(
            ensemble=newest.ensemble,
            task=task,
            text_digest=newest.text_digest,
            bound_digest=digest,
            uses=since.uses,
            rejected=since.rejected,
            tallies=since.tallies.get(digest, ()),
            drifted=since.reason,
        )
    return Evidence(
        ensemble=newest.ensemble,
        task=task,
        text_digest=newest.text_digest,
        bound_digest=digest,
        uses=sum(one.runs for one in uses),
        rejected=sum(one.runs for one in uses if one.status is RunStatus.REJECTED),
        tallies=tallies.get(digest, ()),
        by_task=_by_task(uses, [one for one in judged if one.bound_digest == digest]),
    )


def _by_task(uses: Sequence[Usage], judged: Sequence[Judged]) -> dict[str, Part]:
    """Add up by task type; one that is the only one says nothing beyond the whole."""
    types = sorted({one for use in uses for one in lineage(use.task)})
    parts = {}
    for task in types if len({use.task for use in uses}) > 1 else ():
        below = [one for one in judged if task in lineage(one.task)]
        counts: dict[str, dict[str, int]] = {}
        for one in below:
            verdicts = counts.setdefault(one.judge, {str(verdict): 0 for verdict in Verdict})
            verdicts[one.verdict] += one.count
        tallies = [Tally(judge=judge, **found) for judge, found in sorted(counts.items())]
        runs = sum(use.runs for use in uses if task in lineage(use.task))
        parts[task] = Part(uses=runs, tally=leading(tallies))
    return parts


def _common(tasks: Iterable[str]) -> str:
    """Give the finest type that covers all of these; empty when there is none."""
    known = {task for task in tasks if task}
    shared = [set(one) for one in zip(*(lineage(task)[::-1] for task in known), strict=False)]
    return next((one.pop() for one in reversed(shared) if len(one) == 1), "")
