"""What the ledger has on an ensemble, seen from the content that it has now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from conductor.app.closures import recall
from conductor.app.collect import Collected
from conductor.app.project import Project
from conductor.app.record import models_of
from conductor.core.closure import Kind, compare
from conductor.core.entries import Transition
from conductor.core.evaluation import Evaluation, Verdict
from conductor.core.execution import Binding
from conductor.core.gates import Counted
from conductor.core.run import Run
from conductor.core.sampling import State


def count(project: Project, found: Collected, bound: Mapping[str, Binding]) -> Counted:
    """Count the verdicts on this content with these models, and say why others do not count."""
    digest = found.closure.bound_digest(bound)
    runs = {run.id: run for run in project.ledger.runs(ensemble=found.name)}
    judged = project.ledger.evaluations(ensemble=found.name, counting=True)
    drift = _drift(project, found.name, digest)
    current = [one for one in judged if one.bound_digest == digest and one.run > drift]
    judge = _leading(current or judged)
    mine = [one for one in current if one.judge == judge]
    good = [one for one in mine if one.verdict is Verdict.GOOD]
    older = [
        one
        for one in judged
        if one not in current and one.judge == judge and one.verdict is Verdict.GOOD
    ]
    return Counted(
        judge=judge,
        good=len(good),
        acceptable=sum(one.verdict is Verdict.ACCEPTABLE for one in mine),
        poor=sum(one.verdict is Verdict.POOR for one in mine),
        inputs=len({runs[one.run].input_digest for one in good if one.run in runs}),
        pending=sum(run.bound_digest == digest for run in project.ledger.pending()),
        older=_explained(project, found, bound, older, runs),
    )


def _drift(project: Project, name: str, digest: str) -> str:
    """Give the run after which a form that drifted counts anew; empty when it did not."""
    return max(
        (
            one.run
            for one in project.ledger.entries(Transition, ensemble=name)
            if one.context.bound_digest == digest and one.state == State.DRIFTING
        ),
        default="",
    )


def _leading(judged: Iterable[Evaluation]) -> str:
    """Name the judge with most good verdicts: those of two judges are never added up."""
    good = Counter(one.judge for one in judged if one.verdict is Verdict.GOOD)
    return min(good, key=lambda judge: (-good[judge], judge), default="")


def _explained(
    project: Project,
    found: Collected,
    bound: Mapping[str, Binding],
    older: Iterable[Evaluation],
    runs: Mapping[str, Run],
) -> tuple[tuple[int, str], ...]:
    now = found.closure.bound_members(bound)
    models = dict(models_of(bound))
    reasons: Counter[str] = Counter()
    for one in older:
        then = recall(project.root, one.bound_digest)
        ran_on = dict(runs[one.run].models) if one.run in runs else {}
        changes = [
            _moved(name, ran_on, models) if kind is Kind.MODEL else f"{kind} `{name}` {change}"
            for kind, name, change in (compare(then, now) if then else ())
        ]
        same = one.bound_digest == found.closure.bound_digest(bound)
        otherwise = "it drifted since" if same else "its content was another"
        reasons[", ".join(changes) or otherwise] += 1
    return tuple((number, reason) for reason, number in reasons.items())


def _moved(profile: str, then: Mapping[str, str], now: Mapping[str, str]) -> str:
    before, after = then.get(profile, ""), now.get(profile, "")
    if before == after:
        return f"`{profile}` ran on other weights of {after or 'its model'}"
    return f"`{profile}` ran on {before or 'another model'}, now on {after or 'none'}"
