"""Local judges that have shown that they can judge alone, proposed to a person."""

from __future__ import annotations

from collections.abc import Iterator

from conductor.app.calibrate import calibrate
from conductor.app.project import Project
from conductor.app.run import prepare
from conductor.app.writable import Writable
from conductor.compiler.lengthen import lengthened
from conductor.compiler.spots import Path
from conductor.core.agreement import Agreement, Handover
from conductor.core.entries import CanaryVerdict, Transition
from conductor.core.evaluation import LOCAL, local_judge
from conductor.core.proposal import Kind, Proposal
from conductor.core.takeover import Canaries, canaries, disabled_after
from conductor.errors import ConductorError

_FILE = "policy/sampling.toml"
_JUDGES: Path = ("handover", "judges")


def trustworthy(project: Project, writable: Writable) -> Iterator[Proposal]:
    """Propose to let judge alone who meets `[handover]` in its present form; writes nothing."""
    rule = project.judging.handover
    changes = project.ledger.entries(Transition)
    named = {one.context.ensemble for one in changes if one.context.ensemble.startswith(LOCAL)}
    for judge in sorted(named - set(rule.judges)):
        after = disabled_after(changes, judge)
        planted = canaries(project.ledger.entries(CanaryVerdict, ensemble=judge), judge, after)
        if planted.failing(rule) or not _is_present(project, judge):
            continue
        if proposal := _proposal(project, writable, judge, planted):
            yield proposal


def _proposal(
    project: Project, writable: Writable, judge: str, planted: Canaries
) -> Proposal | None:
    found = calibrate(project, judge)
    if found.missing or found.agreement is None:
        return None
    edit, obstacle = writable.edit(_FILE, lambda text: lengthened(_FILE, text, _JUDGES, judge))
    return Proposal(
        kind=Kind.JUDGE,
        subject=judge,
        change="let it judge alone",
        evidence=tuple(_evidence(found.agreement, planted)),
        risk=_risk(project.judging.handover),
        edit=edit,
        obstacle=obstacle,
    )


def _is_present(project: Project, judge: str) -> bool:
    """Tell whether a judge is still the form that runs under its name."""
    ensemble = judge.removeprefix(LOCAL).partition("@")[0]
    try:
        return local_judge(ensemble, prepare(project, ensemble).bound_digest) == judge
    except ConductorError:
        return False


def _evidence(found: Agreement, planted: Canaries) -> Iterator[str]:
    low, high = found.kappa_interval
    yield (
        f"on {found.judged} runs that people judged as well: weighted kappa {found.kappa:.2f}"
        f" (95 % interval {low:.2f} to {high:.2f})"
    )
    least, most = (round(100 * end) for end in found.poor_interval)
    yield (
        f"{found.poor_found} of {found.poor} poor ones found (95 % interval {least}-{most} %);"
        f" of planted ones {planted.found} of {planted.planted}"
    )


def _risk(rule: Handover) -> str:
    return (
        "what it judges no longer waits for a person or for Claude, and its mistakes count;"
        f" {rule.audit_percent} % still wait, and planted outputs go on"
    )
