"""`report`: what the ledger adds up to, as plain data that the screen and `--json` both show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from conductor.app.closures import recall
from conductor.app.evidence import weighed
from conductor.app.feedback import waiting
from conductor.app.log import lines_of
from conductor.app.project import Project
from conductor.core.closure import Change, Kind, compare
from conductor.core.evidence import Evidence
from conductor.core.learning import LoraCandidate, candidates
from conductor.core.promotion import Standing, standings
from conductor.core.run import Run
from conductor.core.sampling import Stage, stage
from conductor.core.savings import Savings, savings
from conductor.core.usage import base_models


@dataclass(frozen=True, slots=True, kw_only=True)
class Superseded:
    """Evaluations of an older form, which no longer count, and what is different since."""

    evaluations: int
    changes: tuple[tuple[Kind, str, Change], ...] | None  # None: not remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One ensemble in its present form."""

    evidence: Evidence
    stage: Stage
    standings: tuple[Standing, ...]
    superseded: tuple[Superseded, ...]  # the newest form first


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    revision: str
    lines: tuple[Line, ...]
    savings: Savings
    pending: tuple[Run, ...]
    candidates: tuple[LoraCandidate, ...]
    decisions: dict[str, int]  # by outcome


def report(project: Project) -> Report:
    """Add everything up; takes the logged decisions into the ledger on the way."""
    ledger = project.ledger
    ledger.ingest_decisions(lines_of(project.root))
    gates, judged = project.judging.gates, ledger.judged_forms()
    usage = ledger.usage()
    return Report(
        revision=project.judging.revision,
        lines=tuple(
            Line(
                evidence=one,
                stage=stage(project.judging.sampling, one.known),
                standings=standings(one, gates),
                superseded=tuple(_superseded(project, one, judged.get(one.ensemble, {}))),
            )
            for one in weighed(ledger)
        ),
        savings=savings(usage, ledger.rework()),
        pending=waiting(project),
        candidates=candidates(project.judging.lora, ledger.poor(), base_models(usage)),
        decisions=ledger.decisions(),
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
