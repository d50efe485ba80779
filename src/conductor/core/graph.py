"""The graph of an ensemble's agents: its stages, and what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from conductor.core.closure import agents_of
from conductor.core.execution import Document

MANY = 100  # parts of an input, before one knows the input


@dataclass(frozen=True, slots=True)
class Stage:
    """Agents that can run at the same time, in the order they are declared."""

    agents: tuple[str, ...]


def dependencies(ensemble: Document) -> dict[str, tuple[str, ...]]:
    """Give the names that each agent depends on, in both forms the engine accepts."""
    return {str(agent.get("name")): _depends_on(agent) for agent in agents_of(ensemble)}


def ends(ensemble: Document) -> tuple[str, ...]:
    """Name the agents that nobody depends on: what they wrote is what is delivered."""
    needs = dependencies(ensemble)
    needed = {name for names in needs.values() for name in names}
    return tuple(name for name in needs if name not in needed)


def duplicates(ensemble: Document) -> list[str]:
    """Name the agents declared twice; the engine would silently keep the last."""
    counts = Counter(str(agent.get("name")) for agent in agents_of(ensemble))
    return [name for name, count in counts.items() if count > 1]


def dangling(ensemble: Document) -> list[tuple[str, str]]:
    """Give (agent, dependency) for each dependency that names no agent."""
    needs = dependencies(ensemble)
    return [(agent, name) for agent, names in needs.items() for name in names if name not in needs]


def stages(ensemble: Document) -> tuple[tuple[Stage, ...], tuple[str, ...]]:
    """Layer the graph by depth; the second part names the agents caught in a cycle."""
    waiting: dict[str, set[str]] = {}
    known = dependencies(ensemble)
    for agent, names in known.items():
        waiting[agent] = {name for name in names if name in known}
    layers = []
    while ready := tuple(agent for agent, names in waiting.items() if not names):
        layers.append(Stage(ready))
        waiting = {
            agent: names - set(ready) for agent, names in waiting.items() if agent not in ready
        }
    return tuple(layers), tuple(waiting)


def breadth(ensemble: Document) -> dict[str, int]:
    """Count for each agent how many others' words it brings together, also through scripts.

    An agent that fans out is one for each part of its input, so it counts as many.
    """
    agents = {str(agent.get("name")): agent for agent in agents_of(ensemble)}
    needs = dependencies(ensemble)

    def sources(name: str, seen: frozenset[str]) -> frozenset[str]:
        found: frozenset[str] = frozenset()
        for one in needs[name]:
            if one not in agents or one in seen:
                continue
            through = "script" in agents[one] and not agents[one].get("fan_out")
            found |= sources(one, seen | {one}) if through else frozenset({one})
        return found

    reached = {name: sources(name, frozenset({name})) for name in agents}
    return {
        name: sum(MANY if agents[one].get("fan_out") else 1 for one in found)
        for name, found in reached.items()
    }


def runs_on(ensemble: Document) -> dict[str, str]:
    """Say for each agent what it runs on: a profile, a script, a child ensemble."""
    return {str(agent.get("name")): _runs_on(agent) for agent in agents_of(ensemble)}


def picture(ensemble: Document) -> str:
    """Draw the stages as text: agents of one number run at the same time, on what stands right."""
    places = runs_on(ensemble)
    width = max((len(name) for name in places), default=0)
    drawn = []
    for number, stage in enumerate(stages(ensemble)[0], 1):
        marks = [str(number)] + [""] * len(stage.agents)
        lines = [
            f"{mark:<3}{name:<{width}}  {places[name]}"
            for mark, name in zip(marks, stage.agents, strict=False)
        ]
        drawn.append("\n".join(lines))
    return "\n   │\n".join(drawn)


def _depends_on(agent: Document) -> tuple[str, ...]:
    names = agent.get("depends_on")
    if not isinstance(names, list):
        return ()
    return tuple(
        str(name.get("agent_name") if isinstance(name, Mapping) else name) for name in names
    )


def _runs_on(agent: Document) -> str:
    for key in ("model_profile", "script", "ensemble", "dispatch", "model"):
        if value := agent.get(key):
            return str(value)
    return "loop" if "loop" in agent else "?"
