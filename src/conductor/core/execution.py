"""One execution of an ensemble: what is asked of the engine, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Document = Mapping[str, object]  # a parsed YAML mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Where a logical profile runs on this machine; never part of compiled bytes."""

    profile: str  # such as `conductor-small`
    provider: str  # an llm-orc provider, or `embedded`: the model server that conductor starts
    model: str
    base_url: str = ""  # empty for `embedded`, whose address is known once it runs
    model_digest: str = ""  # `sha256:…` of the weights; empty: unresolved, only the name is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """Everything one execution needs, so that what runs is exactly what was digested."""

    ensemble: Document
    input: str
    children: Mapping[str, Document] = field(default_factory=dict)  # by file stem
    profiles: Mapping[str, Document] = field(default_factory=dict)  # by name, already bound
    scripts: Mapping[str, str] = field(default_factory=dict)  # reference -> source text
    text_digest: str = ""  # of the closure: what a recording is found by
    timeout_seconds: float = 600.0


class AgentStatus(StrEnum):
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"  # a fan-out of which some instances failed
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentResult:
    """What one agent did; tokens and seconds are 0 for agents without a model."""

    name: str
    status: AgentStatus
    output: str = ""
    error: str = ""
    profile: str = ""
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    estimated: bool = False  # the tokens: no server counted them


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the engine answered. `error` is empty exactly when every agent succeeded."""

    output: str  # the deliverable; empty when there is none
    agents: tuple[AgentResult, ...]
    seconds: float  # wall time inside the engine
    error: str = ""

    @property
    def input_tokens(self) -> int:
        return sum(agent.input_tokens for agent in self.agents)

    @property
    def output_tokens(self) -> int:
        return sum(agent.output_tokens for agent in self.agents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """An event while an ensemble runs: an agent began or ended."""

    agent: str
    ended: bool
    done: int  # agents that have ended, out of `total`
    total: int
    seconds: float  # since the invocation began


def output_limit(agent: Document) -> int:
    """Give how many tokens an agent may write; 0 when nothing limits it."""
    limit = agent.get("max_tokens")
    return limit if isinstance(limit, int) else 0
