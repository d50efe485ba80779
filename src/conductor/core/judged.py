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
class Outputs:
    """What became of one form's judged outputs: a run is poor when any judge finds it so.

    Tokens are estimated ones of Claude. Runs that a check turned down have been judged, but are
    neither accepted nor poor here: they saved nothing to begin with.
    """

    bound_digest: str
    judged_runs: int = 0
    accepted_runs: int = 0
    accepted_tokens: int = 0
    poor_runs: int = 0
    poor_tokens: int = 0
    judge_tokens: int = 0  # what judging cost, superseded judgements too


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Standing verdicts of one kind by one judge about one form's outputs for one task type."""

    task: str
    bound_digest: str
    judge: str
    verdict: Verdict
    count: int
    inputs: int  # distinct ones
