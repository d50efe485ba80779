"""An output with nothing in it, or with thinking and no answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from conductor.core.checks.material import Material
from conductor.core.execution import AgentResult
from conductor.core.run import Check


def _reasons(agents: Iterable[AgentResult]) -> Iterator[str]:
    """Find what scripts say about it: a JSON object with a `reason`, as a router's decision has.

    A script that runs in a loop says it of the last iteration, under `output`.
    """
    for agent in agents:
        if agent.model or not agent.output.startswith("{"):
            continue
        try:
            said = json.loads(agent.output)
        except (ValueError, RecursionError):
            continue
        for part in (said, said.get("output")):
            if isinstance(part, dict) and isinstance(reason := part.get("reason"), str) and reason:
                yield f"`{agent.name}` says {reason}"


def check(material: Material) -> Check:
    if not material.outcome.output.strip():
        said = next(_reasons(material.outcome.agents), "")
        detail = f"nothing came out: {said}" if said else "nothing came out"
        return Check(name="empty", passed=False, detail=detail)
    if not material.answer:
        return Check(name="empty", passed=False, detail="only thinking came out, no answer")
    return Check(name="empty", passed=True)
