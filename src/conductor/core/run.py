"""A run: one execution as the ledger remembers it, with everything needed to judge it later."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from conductor.core.execution import AgentResult

_SHORT = 12  # characters of an id that a person needs


def short_id(run_id: str) -> str:
    """Give the beginning of a run's id, by which commands find it as well."""
    return run_id[:_SHORT]


class RunStatus(StrEnum):
    SUCCEEDED = "succeeded"  # it ran and every check passed
    REJECTED = "rejected"  # it ran, and a check turned the output down
    FAILED = "failed"  # the engine, a server, a model or an agent failed: never a verdict
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What one check of the output found, without any model."""

    name: str
    passed: bool
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One row of the ledger. Times are UTC, ISO 8601 with milliseconds; digests are `sha256:…`."""

    id: str  # sorts by time
    at: str
    ensemble: str
    task: str  # task type; empty when unknown
    outcome: str  # what the policy decided for these facts; empty when it was not asked
    rule: str  # the id of the deciding rule; empty: the default
    decision: str  # id of the line in decisions.jsonl that led here; empty: named by hand
    revision: str  # of the policy
    text_digest: str  # closure without bound models
    bound_digest: str  # closure with bound models
    models: tuple[tuple[str, str], ...]  # (profile, model), sorted
    engine: str
    engine_version: str
    conductor_version: str
    status: RunStatus
    error: str
    checks: tuple[Check, ...]
    agents: tuple[AgentResult, ...]  # without their outputs
    input_digest: str
    output_digest: str  # empty when nothing came out
    input_tokens: int  # local, summed over agents
    output_tokens: int
    seconds: float
    predicted_seconds: float
    claude_tokens: int  # estimated: what Claude would have written, from the output's length
    estimator: str  # name and version of the estimator; of a brief, it is what Claude reads less
    delta_tokens: int  # claude_tokens - local tokens, as the essay logs it
    due: bool  # for evaluation
    due_reason: str
    draw: float  # the sampling draw in [0, 1)

    @property
    def estimated(self) -> bool:
        """Tell whether some of the local tokens were counted by no server."""
        return any(agent.estimated for agent in self.agents)
