"""A synthesis of branches of which too many delivered nothing."""

from __future__ import annotations

from collections.abc import Iterator

from conductor.core.checks.material import Material
from conductor.core.closure import agents_of
from conductor.core.execution import AgentStatus
from conductor.core.run import Check

_AT_WORK = ("model_profile", "model", "ensemble", "loop", "dispatch")


def check(material: Material) -> Check | None:
    """Count the branches before the last agents; a single agent is no branch."""
    delivered = list(_delivered(material))
    if not delivered:
        return None
    failed = sum(not one for one in delivered)
    percent = failed * 100 / len(delivered)
    detail = f"{failed} of {len(delivered)} branches delivered nothing" if failed else ""
    return Check(name="branches", passed=percent <= material.expected.failed_percent, detail=detail)


def _delivered(material: Material) -> Iterator[bool]:
    results = {agent.name: agent for agent in material.outcome.agents}
    for declared in agents_of(material.ensemble):
        name = str(declared.get("name"))
        if name in material.last or not any(key in declared for key in _AT_WORK):
            continue
        agent = results.get(name)
        if agent is not None:
            yield agent.status is AgentStatus.SUCCEEDED and bool(agent.output.strip())
