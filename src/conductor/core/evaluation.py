"""Judging a run on a three-point rubric, reasoning before verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from conductor.errors import UsageError


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


def check(rubric: Rubric, record: Mapping[str, object]) -> tuple[str, Verdict, str]:
    """Check a judgement, in the order it was written; gives (reasoning, verdict, failure mode).

    Raises UsageError when the verdict stands before the reasoning, when the reasoning is missing,
    or when verdict or failure mode are not the rubric's.
    """
    order = list(record)
    if "verdict" in order and "reasoning" in order[order.index("verdict") :]:
        raise UsageError(
            "the verdict stands before the reasoning", hint="judge again: reasoning comes first"
        )
    reasoning = str(record.get("reasoning") or "").strip()
    if not reasoning:
        raise UsageError("the reasoning is empty", hint="say what in the output decides")
    verdict = str(record.get("verdict") or "")
    if verdict not in list(Verdict):
        known = ", ".join(Verdict)
        raise UsageError(f"there is no verdict `{verdict}`", hint=f"one of: {known}")
    return reasoning, Verdict(verdict), _failure_mode(rubric, Verdict(verdict), record)


def _failure_mode(rubric: Rubric, verdict: Verdict, record: Mapping[str, object]) -> str:
    mode = str(record.get("failure_mode") or "")
    known = [name for name, _ in rubric.failure_modes]
    if verdict is not Verdict.POOR:
        if mode:
            raise UsageError(
                f"a verdict `{verdict}` has no failure mode", hint="leave it out, or judge `poor`"
            )
        return ""
    if not mode:
        raise UsageError("a poor output needs a failure mode", hint=f"one of: {', '.join(known)}")
    if mode not in known:
        close = get_close_matches(mode, known, n=1, cutoff=0.5)
        hint = f"did you mean `{close[0]}`?" if close else f"one of: {', '.join(known)}"
        raise UsageError(f"rubric `{rubric.name}` has no failure mode `{mode}`", hint=hint)
    return mode
