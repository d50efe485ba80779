"""What judgements add up to for savings and learning, without their words."""

from __future__ import annotations

from dataclasses import dataclass

from conductor.core.evaluation import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Poor:
    """A poor verdict that stands: what learning groups by."""

    id: str  # of the evaluation
    task: str
    failure_mode: str
    input_digest: str
    bound_digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rework:
    """What judgements take away from savings, in tokens of Claude."""

    poor_tokens: int  # of the outputs that were saved and then judged poor
    judge_tokens: int  # what judging cost, superseded judgements too


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Standing verdicts of one kind by one judge about one form's outputs for one task type."""

    task: str
    bound_digest: str
    judge: str
    verdict: Verdict
    count: int
    inputs: int  # distinct ones
