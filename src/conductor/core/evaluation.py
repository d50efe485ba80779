"""Judging a run on a three-point rubric, reasoning before verdict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    POOR = "poor"
    ACCEPTABLE = "acceptable"
    GOOD = "good"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """The questions a judge answers; `revision` is the digest of its content."""

    name: str
    question: str
    anchors: tuple[tuple[Verdict, str], ...]  # what each verdict means
    failure_modes: tuple[tuple[str, str], ...]  # closed list: name, description
    revision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """A judged run. INVARIANT: reasoning stands before the verdict, here and in every record."""

    id: str  # sorts by time
    at: str  # UTC, ISO 8601 with milliseconds
    run: str
    ensemble: str
    task: str
    text_digest: str
    bound_digest: str
    revision: str  # of the policy
    rubric: str
    rubric_revision: str
    judge: str  # `human`, `claude` or `local:<ensemble>`
    judge_tokens: int  # what judging cost; 0 for a human
    reasoning: str
    failure_mode: str  # one of the rubric's; empty unless the verdict is poor
    verdict: Verdict
    supersedes: str = ""  # the id of the evaluation that this one corrects
