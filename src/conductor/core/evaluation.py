"""A judged run, as the ledger remembers it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from conductor.core.rubric import Verdict

__all__ = ["CLAUDE", "DEMO", "HUMAN", "LOCAL", "Evaluation", "Verdict", "is_judge", "local_judge"]

HUMAN = "human"
CLAUDE = "claude"
DEMO = "demo"  # the demo's judge counts words, and nothing but the demo asks it
LOCAL = "local:"  # how the name of a local judge begins
_LOCAL = re.compile(r"local:[A-Za-z0-9][\w-]{0,127}@[0-9a-f]{8}")


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
    judge: str  # `human`, `claude`, or what `local_judge` gives
    judge_tokens: int  # what judging cost; 0 for a human
    reasoning: str
    failure_mode: str  # one of the rubric's; empty unless the verdict is poor
    verdict: Verdict
    supersedes: str = ""  # the id of the evaluation that this one corrects
    detail: str = "{}"  # JSON object: the answers, criterion by criterion


def local_judge(ensemble: str, bound_digest: str) -> str:
    """Name a local judge in one form: with another prompt or model it is another judge."""
    return f"{LOCAL}{ensemble}@{bound_digest.removeprefix('sha256:')[:8]}"


def is_judge(name: str) -> bool:
    """Tell whether a name is that of a judge."""
    return name in (HUMAN, CLAUDE, DEMO) or bool(_LOCAL.fullmatch(name))
