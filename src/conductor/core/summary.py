"""What is known of an ensemble's file without its contents, and what it needs of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from conductor.core.closure import agents_of, children_of, is_script_path
from conductor.core.deprecation import Deprecation
from conductor.core.execution import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What discovery knows of an ensemble file; `references` are names, not contents."""

    name: str  # as the file says, which is how the engine calls it
    tier: str
    file: str  # as a person would open it
    description: str = ""
    task: str = ""
    template: str = ""
    part_of: str = ""  # the ensemble that it was rendered for; empty: it stands alone
    agents: int = 0
    profiles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    children: tuple[str, ...] = ()  # by file stem
    providers: tuple[str, ...] = ()  # that agents name themselves, without a profile
    problem: str = ""  # why the file cannot be read; empty when it can
    shadowed: bool = False  # an earlier tier has an ensemble of this name
    deprecated: Deprecation | None = None


def summarise(document: Document, *, tier: str, file: str) -> Summary:
    """Take from a parsed ensemble what discovery needs."""
    block = document.get("x-conductor")
    ours: Mapping[str, object] = block if isinstance(block, dict) else {}
    agents = agents_of(document)
    return Summary(
        name=str(document.get("name", "")),
        tier=tier,
        file=file,
        description=str(document.get("description") or ""),
        task=str(ours.get("task", "")),
        template=str(ours.get("template", "")),
        part_of=str(ours.get("part_of", "")),
        agents=len(agents),
        profiles=_unique(
            value
            for agent in agents
            for key in ("model_profile", "fallback_model_profile")
            if isinstance(value := agent.get(key), str)
        ),
        scripts=_unique(
            script
            for agent in agents
            if isinstance(script := agent.get("script"), str) and is_script_path(script)
        ),
        children=_unique(child for agent in agents for child in children_of(agent)),
        providers=_unique(
            provider for agent in agents if isinstance(provider := agent.get("provider"), str)
        ),
    )


def with_children(
    wanted: Iterable[Summary], ensembles: Mapping[str, Summary]
) -> tuple[Summary, ...]:
    """Add the children of ensembles, and theirs; `ensembles` are by file stem."""
    found = list(wanted)
    seen = {child for one in found for child in one.children}
    waiting = list(seen)
    while waiting:
        if one := ensembles.get(waiting.pop()):
            found.append(one)
            waiting.extend(child for child in one.children if child not in seen)
            seen.update(one.children)
    return tuple(found)


def by_stem(summaries: Sequence[Summary]) -> dict[str, Summary]:
    """Give summaries by what other ensembles call them: the file's name without its ending."""
    return {one.file.rpartition("/")[2].rpartition(".")[0]: one for one in reversed(summaries)}


def profiles_needed(summaries: Sequence[Summary]) -> dict[str, tuple[str, ...]]:
    """Name the profiles of every ensemble that runs by itself, those of its parts included."""
    stems = by_stem(summaries)
    return {
        one.name: _unique(name for part in with_children([one], stems) for name in part.profiles)
        for one in summaries
        if not (one.shadowed or one.part_of or one.problem)
    }


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
