"""`judge calibrate`: a judge against the people who judged the same runs."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from conductor.app.project import Project
from conductor.core.agreement import Agreement, Pair, agreement, missing
from conductor.core.entries import Transition
from conductor.core.evaluation import HUMAN, Evaluation, is_judge
from conductor.core.takeover import disabled_after
from conductor.errors import UsageError

_SEED = 1968  # the same pairs give the same interval each time


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    judge: str
    agreement: Agreement | None  # None: no run was judged by both
    missing: tuple[str, ...]  # before it may judge alone
    left_out: int  # runs that the two judged by other rubrics


def calibrate(project: Project, judge: str) -> Calibration:
    """Compare with the human labels of the same runs by the same rubric; raises UsageError."""
    if judge == HUMAN or not is_judge(judge):
        known = sorted({one.judge for one in project.ledger.evaluations()} - {HUMAN})
        hint = f"known: {', '.join(known)}" if known else "nobody but people judged yet"
        raise UsageError(f"there is no judge `{judge}` to calibrate", hint=hint)
    labels = {one.run: one for one in project.ledger.evaluations() if one.judge == HUMAN}
    after = disabled_after(project.ledger.entries(Transition, ensemble=judge), judge)
    both = [
        one
        for one in project.ledger.evaluations()
        if one.judge == judge and one.run in labels and one.id > after
    ]
    same = [one for one in both if one.rubric_revision == labels[one.run].rubric_revision]
    pairs = [_pair(project, labels[one.run], one) for one in same]
    found = agreement(pairs, Random(_SEED).random) if pairs else None  # noqa: S311 - resampling
    rule = project.judging.handover
    lacking = missing(rule, found) if found else (f"0 of {rule.judged} runs that people judged",)
    return Calibration(
        judge=judge, agreement=found, missing=lacking, left_out=len(both) - len(same)
    )


def _pair(project: Project, label: Evaluation, given: Evaluation) -> Pair:
    run = project.ledger.run(given.run)
    length = run.claude_tokens if run else 0
    return Pair(label=label.verdict, given=given.verdict, length=length)
