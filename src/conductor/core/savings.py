"""What local runs saved, in estimated Claude tokens, net of what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conductor.core.evaluation import Evaluation, Verdict
from conductor.core.run import Run, RunStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Savings:
    """Claude tokens are estimates by `estimators`; local tokens are what the servers counted."""

    gross: int  # what Claude would have written for the runs that succeeded
    rework: int  # the part of it that was judged poor: Claude has to do it again
    overhead: int  # what judging cost
    estimators: tuple[str, ...]
    input_tokens: int  # local
    output_tokens: int
    succeeded: int
    rejected: int
    failed: int
    interrupted: int

    @property
    def net(self) -> int:
        return self.gross - self.rework - self.overhead


def savings(runs: Sequence[Run], evaluations: Sequence[Evaluation]) -> Savings:
    """Add up; a run that failed or whose output was rejected saved nothing."""
    poor = {one.run for one in evaluations if one.verdict is Verdict.POOR}
    saved = [run for run in runs if run.status is RunStatus.SUCCEEDED]
    statuses = [run.status for run in runs]
    return Savings(
        gross=sum(run.claude_tokens for run in saved),
        rework=sum(run.claude_tokens for run in saved if run.id in poor),
        overhead=sum(one.judge_tokens for one in evaluations),
        estimators=tuple(sorted({run.estimator for run in saved})),
        input_tokens=sum(run.input_tokens for run in runs),
        output_tokens=sum(run.output_tokens for run in runs),
        succeeded=statuses.count(RunStatus.SUCCEEDED),
        rejected=statuses.count(RunStatus.REJECTED),
        failed=statuses.count(RunStatus.FAILED),
        interrupted=statuses.count(RunStatus.INTERRUPTED),
    )
