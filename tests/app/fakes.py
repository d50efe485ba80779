"""An engine and a model server that fit the ports: the only things that unit tests make up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from conductor.core.closure import agents_of
from conductor.core.execution import AgentResult, AgentStatus, Invocation, Outcome, Progress


@dataclass
class FakeEngine:
    """Answers every invocation alike, and remembers what it was asked."""

    output: str = "a fine summary"
    output_tokens: int = 20
    error: str = ""
    raises: BaseException | None = None
    asked: list[Invocation] = field(default_factory=list)
    opened: int = 0
    closed: int = 0
    name: str = "llm-orc"
    version: str = "0.25.2"

    def invoke(self, invocation, on_progress) -> Outcome:
        self.asked.append(invocation)
        names = [str(agent["name"]) for agent in agents_of(invocation.ensemble)]
        for number, name in enumerate(names, 1):
            on_progress(Progress(agent=name, ended=True, done=number, total=len(names), seconds=1))
        if self.raises:
            raise self.raises
        status = AgentStatus.FAILED if self.error else AgentStatus.SUCCEEDED
        agents = tuple(
            AgentResult(
                name=name,
                status=status,
                output=self.output,
                input_tokens=10,
                output_tokens=self.output_tokens,
            )
            for name in names
        )
        return Outcome(output=self.output, agents=agents, seconds=1.0, error=self.error)

    def why_not_loadable(self, ensemble, scripts, children) -> str:
        return ""

    @contextmanager
    def open(self) -> Iterator[FakeEngine]:
        self.opened += 1
        try:
            yield self
        finally:
            self.closed += 1


@dataclass
class FakeServer:
    base_url: str = "http://127.0.0.1:1/v1"
    model: str = "tiny"
    model_digest: str = "sha256:tiny"
    opened: int = 0
    closed: int = 0

    @contextmanager
    def open(self) -> Iterator[FakeServer]:
        self.opened += 1
        try:
            yield self
        finally:
            self.closed += 1
