"""What local runs saved, in estimated Claude tokens, net of what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conductor.core.judged import Rework
from conductor.core.run import RunStatus
from conductor.core.usage import Usage


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


def savings(usage: Sequence[Usage], rework: Rework) -> Savings:
    """Add up; a run that failed or whose output was rejected saved nothing."""
    saved = [one for one in usage if one.status is RunStatus.SUCCEEDED]
    runs = {status: sum(one.runs for one in usage if one.status is status) for status in RunStatus}
    return Savings(
        gross=sum(one.claude_tokens for one in saved),
        rework=rework.poor_tokens,
        overhead=rework.judge_tokens,
        estimators=tuple(sorted({one.estimator for one in saved})),
        input_tokens=sum(one.input_tokens for one in usage),
        output_tokens=sum(one.output_tokens for one in usage),
        succeeded=runs[RunStatus.SUCCEEDED],
        rejected=runs[RunStatus.REJECTED],
        failed=runs[RunStatus.FAILED],
        interrupted=runs[RunStatus.INTERRUPTED],
    )
