"""`report`: what the ledger adds up to, as the values that every form of it is written from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from conductor.app.closures import recall
from conductor.app.evidence import weighed
from conductor.app.feedback import waiting
from conductor.app.log import lines_of
from conductor.app.prices import baselines
from conductor.app.project import Project
from conductor.app.timeline import periods
from conductor.core.closure import compare
from conductor.core.evidence import Evidence
from conductor.core.footprint import Footprint, footprint
from conductor.core.insights import Kind, insights
from conductor.core.judged import Outputs
from conductor.core.learning import candidates
from conductor.core.promotion import standings
from conductor.core.report import Line, Missed, Report, Superseded, by_ensemble, escalations
from conductor.core.sampling import stage
from conductor.core.savings import savings
from conductor.core.scoring import LOCALLY
from conductor.core.usage import Usage, base_models

_NEWEST = 5_000  # decisions that are looked at for what was missed
_DAY = 10  # characters of a time that name its day


def report(project: Project) -> Report:
    """Add everything up; takes the logged decisions into the ledger on the way."""
    ledger = project.ledger
    ledger.ingest_decisions(lines_of(project.root))
    usage, outputs, today = ledger.usage(), ledger.outputs(), project.now()[:_DAY]
    return Report(
        revision=project.judging.revision,
        made_on=today,
        lines=tuple(_lines(project, usage, outputs)),
        savings=savings(usage, outputs),
        baselines=baselines(project.sections["models"], today),
        periods=periods(usage),
        escalations=escalations(usage),
        paying=_paying(usage, outputs),
        missed=_missed(project),
        pending=waiting(project),
        candidates=candidates(project.judging.lora, ledger.poor(), base_models(usage)),
        decisions=ledger.decisions(),
    )


def _lines(project: Project, usage: Sequence[Usage], outputs: Sequence[Outputs]) -> Iterator[Line]:
    gates, forms = project.judging.gates, project.ledger.judged_forms()
    judged = {one.bound_digest: one.judged_runs for one in outputs}
    for one in weighed(project.ledger, usage):
        yield Line(
            evidence=one,
            stage=stage(project.judging.sampling, one.known),
            standings=standings(one, gates),
            superseded=tuple(_superseded(project, one, forms.get(one.ensemble, {}))),
            judged=judged.get(one.bound_digest, 0),
        )


def _superseded(
    project: Project, evidence: Evidence, judged: Mapping[str, int]
) -> Iterator[Superseded]:
    """Compare each older form that was judged with the present one."""
    present = recall(project.root, evidence.bound_digest)
    for digest, count in judged.items():
        if digest != evidence.bound_digest:
            older = recall(project.root, digest)
            changes = compare(older, present) if older and present else None
            yield Superseded(evaluations=count, changes=changes)


def _paying(usage: Sequence[Usage], outputs: Sequence[Outputs]) -> dict[str, Footprint]:
    """Set what a run of each ensemble saves against what its calls cost."""
    by_form = {one.bound_digest: one for one in outputs}
    paying = {}
    for name, ones in sorted(by_ensemble(usage).items()):
        digests = {one.bound_digest for one in ones}
        own = [by_form[digest] for digest in digests if digest in by_form]
        paying[name] = footprint(savings(ones, own).per_run)
    return paying


def _missed(project: Project) -> Missed:
    pasts = project.ledger.pasts(_NEWEST)
    local = [one for one in pasts if one.outcome in LOCALLY]
    told = insights(project.policy, pasts, project.judging.proposals)
    return Missed(
        decisions=len(pasts),
        local=len(local),
        unused=sum(not one.ran for one in local),
        near=tuple(one for one in told if one.kind is Kind.NEAR_MISS),
    )
