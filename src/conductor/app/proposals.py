"""What the ledger speaks for, proposal by proposal. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from conductor.app.evidence import weighed
from conductor.app.project import Project
from conductor.app.test import failing_cases
from conductor.app.writable import Writable
from conductor.compiler.documents import ROUTING
from conductor.compiler.renumber import bound_path, weight_of
from conductor.core.changes import LOOSER
from conductor.core.evidence import USED, wilson
from conductor.core.fine_tuning import examine
from conductor.core.insights import Insight, retiring
from conductor.core.insights import Kind as InsightKind
from conductor.core.learning import candidates
from conductor.core.lineage import lineage
from conductor.core.past import Past
from conductor.core.policy import TASK
from conductor.core.proposal import Kind, Proposal
from conductor.core.thresholds import Shift, moved_to, shifts
from conductor.core.usage import base_models

_TASKS, _FACTS = "policy/tasks.toml", "policy/facts.toml"
_PERCENT = 100


class Proposer:
    """Makes proposals from one look at the ledger."""

    def __init__(self, project: Project, pasts: Sequence[Past]) -> None:
        self.project = project
        self.judging = project.judging
        self.pasts = pasts
        self.usage = project.ledger.usage()
        self.writable = Writable(project)

    def thresholds(self) -> Iterator[Proposal]:
        """Propose numbers of rules that judged tasks speak for."""
        text = self.writable.texts[ROUTING]
        for shift in shifts(self.project.policy, self.pasts, self.judging.proposals):
            bound = shift.bound
            path = bound_path(text, bound.rule, bound.fact, bound.operator)
            edit, obstacle = self.writable.number(ROUTING, path, shift.value)
            under = moved_to(self.project.policy, bound, shift.value)
            failing = failing_cases(self.project.root, under)
            yield Proposal(
                kind=Kind.THRESHOLD,
                subject=bound.rule,
                change=f"{bound.fact} {bound.operator} {bound.value:,} -> {shift.value:,}",
                evidence=tuple(_evidence(shift)),
                risk=_risk(shift),
                edit=edit,
                obstacle=obstacle,
                broken=tuple(name for name in failing if name not in self._failing),
            )

    def signals(self, told: Sequence[Insight]) -> Iterator[Proposal]:
        """Propose to trust a signal less that was contradicted more often than not."""
        for one in told:
            if one.kind is not InsightKind.CONTRADICTION or one.count * 2 <= one.total:
                continue
            file = _TASKS if one.fact == TASK else _FACTS
            found = weight_of(self.writable.texts[file], one.subject, one.fact, one.said)
            surely = wilson(one.count, one.total)[0] * 2 > 1
            if found is None or found[1] < 1 or (found[1] == 1 and not surely):
                continue  # what is silenced altogether must be wrong more often than not, surely
            path, weight = found
            edit, obstacle = self.writable.weight(file, path, weight - 1)
            yield Proposal(
                kind=Kind.SIGNAL,
                subject=f"{one.said if one.fact == TASK else one.fact}: {one.subject}",
                change=f"weight {weight} -> {weight - 1}",
                evidence=(
                    f"{one.count} of {one.total} tasks that it, or a person, called `{one.said}`"
                    f" were given as something else: {one.detail}",
                    "no text is kept: which of its words misled is yours to find",
                ),
                risk="tasks that it names rightly become less sure, and may go to Claude",
                edit=edit,
                obstacle=obstacle,
            )

    def retired(self) -> Iterator[Proposal]:
        """Ask about ensembles that are surely worse than local work must be."""
        for one in retiring(weighed(self.project.ledger), self.judging.proposals):
            tally, (low, high) = one.leading, one.leading.interval_percent
            yield Proposal(
                kind=Kind.RETIRE,
                subject=one.ensemble,
                change="retire it, or make it anew",
                evidence=(
                    f"by {tally.judge}: {tally.accepted} of {tally.judged} accepted (95 % interval"
                    f" {low}-{high} %), surely below {self.judging.proposals.acceptance_percent} %",
                ),
                risk=(
                    f"its tasks go to Claude until another ensemble serves `{one.task}`;"
                    f" to do it, remove registry/specs/{one.ensemble}.toml and compile"
                ),
            )

    def fine_tuning(self) -> Iterator[Proposal]:
        """Ask about task types that one base model keeps failing in one way."""
        models = base_models(self.usage)
        judged = list(self.project.ledger.judged_tasks())
        for one in candidates(self.judging.lora, self.project.ledger.poor(), models):
            same = [
                row for row in self.usage if one.task in lineage(row.task) and row.status in USED
            ]
            needed, uses = self.judging.datasets["sft"], sum(row.runs for row in same)
            found = examine(one, judged, models, uses=uses, needed=needed)
            yield Proposal(
                kind=Kind.FINE_TUNE,
                subject=f"{one.task} on {one.model or 'unknown models'}",
                change=f"train against `{one.failure_mode}`",
                evidence=(
                    f"{one.matching} of {one.poor} poor outputs have this failure mode",
                    f"{found.tally.accepted} of {found.tally.judged} are accepted now; at most"
                    f" {found.at_most} % would be if it vanished and nothing else changed",
                ),
                risk="a tuned model is good at this one task type, and starts from calibration",
                fine_tuning=found,
            )

    @cached_property
    def _failing(self) -> frozenset[str]:
        return frozenset(failing_cases(self.project.root, self.project.policy))


def _evidence(shift: Shift) -> Iterator[str]:
    tally, (low, high) = shift.tally, shift.interval
    where = "small models" if shift.direction == LOOSER else "Claude"
    yield (
        f"by {tally.judge}: of {tally.judged} judged tasks that would go to {where},"
        f" {tally.accepted} were accepted locally (interval"
        f" {low * _PERCENT:.0f}-{high * _PERCENT:.0f} %, for all numbers that were tried)"
    )
    yield f"{shift.moved:,} of {shift.decided:,} logged tasks would be decided otherwise"


def _risk(shift: Shift) -> str:
    if shift.direction == LOOSER:
        return (
            "tasks that Claude has now go to small models, and those that were judged may have"
            " been the easy ones"
        )
    return "fewer tokens are saved; nothing goes to a smaller model than before"
