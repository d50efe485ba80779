"""Which ensembles there are, which can run, and which fit a task best."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from conductor.core.closure import agents_of, children_of, is_script_path
from conductor.core.decide import Standing
from conductor.core.execution import Document

_WORD = re.compile(r"[a-z0-9]{3,}")
# Words that say nothing about a task.
_COMMON = re.compile(
    r"(?:all|and|any|are|can|each|every|for|from|has|have|into|its|may|not|one|only|out|that|the|them"
    r"|then|there|these|they|this|those|use|uses|what|when|which|with|you|your)"
)
# What the engine can speak to; `embedded` becomes one of them when it runs.
PROVIDERS = frozenset(
    ("openai-compatible", "llama-server", "anthropic-api", "google-gemini", "embedded")
)
_STEM = 5  # letters that two words of one family share: summarise, summary


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


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why something cannot run, and the action that changes it."""

    what: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What ensembles are made of here, over all tiers; a later tier never hides an earlier one."""

    ensembles: Mapping[str, Summary] = field(default_factory=dict)  # by file stem
    profiles: Mapping[str, Document] = field(default_factory=dict)
    scripts: frozenset[str] = frozenset()
    # What keeps a profile from running on this machine; a profile that is not here can run.
    unbound: Mapping[str, Obstacle] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An ensemble, what keeps it from running, and what its evaluations say (None: nothing)."""

    summary: Summary
    obstacles: tuple[Obstacle, ...] = ()
    standing: Standing | None = None
    why: str = ""  # why it fits what was asked for

    @property
    def runnable(self) -> bool:
        return not self.obstacles


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


def obstacles(summary: Summary, around: Surroundings) -> tuple[Obstacle, ...]:
    """Name everything that keeps an ensemble from running, children included."""
    return tuple(dict.fromkeys(_obstacles(summary, around, set())))


def _obstacles(summary: Summary, around: Surroundings, seen: set[str]) -> Iterator[Obstacle]:
    if summary.problem:
        yield Obstacle(f"the file cannot be read: {summary.problem}", f"correct {summary.file}")
    for provider in summary.providers:
        yield from gone(provider, f"an agent of {summary.file}")
    yield from _without_model(summary, around)
    for script in summary.scripts:
        if script not in around.scripts:
            yield Obstacle(f"the script `{script}` is missing", f"add {script} to its tier")
    for child in summary.children:
        if child in seen:
            continue
        seen.add(child)
        if child in around.ensembles:
            yield from _obstacles(around.ensembles[child], around, seen)
        else:
            fix = f"add ensembles/{child}.yaml to its tier"
            yield Obstacle(f"the ensemble `{child}` is missing", fix)


def gone(provider: str, who: str) -> Iterator[Obstacle]:
    """Find a provider that the engine knows no more, with the way out."""
    if provider.partition("/")[0] not in PROVIDERS:
        fix = "use `openai-compatible` with the server's `base_url`, or a `conductor-…` profile"
        yield Obstacle(f"{who} names the provider `{provider}`, which the engine lacks", fix)


def _without_model(summary: Summary, around: Surroundings) -> Iterator[Obstacle]:
    for name in _with_fallbacks(summary.profiles, around.profiles):
        if name not in around.profiles:
            fix = f"add profiles/{name}.yaml to its tier, or name another profile"
            yield Obstacle(f"the profile `{name}` is missing", fix)
        elif obstacle := around.unbound.get(name):
            yield obstacle


def _with_fallbacks(names: Iterable[str], profiles: Mapping[str, Document]) -> tuple[str, ...]:
    """Follow each profile's fallbacks: the engine wants the whole chain before it begins."""
    wanted = list(names)
    for name in wanted:  # grows while it is read
        fallback = profiles.get(name, {}).get("fallback_model_profile")
        if isinstance(fallback, str) and fallback not in wanted:
            wanted.append(fallback)
    return tuple(wanted)


def rank(found: Iterable[Found], *, text: str, lineage: tuple[str, ...]) -> list[Found]:
    """Order what fits, best first; what has nothing to do with the question is left out.

    `lineage` is the task type and its ancestors, nearest first. Serving the task comes before
    sharing words with it, then what can run, then the lower bound of its acceptance.
    """
    asked = _words(text)
    scored = []
    for one in found:
        nearness, why = _nearness(one.summary.task, lineage)
        own = _words(f"{one.summary.name} {one.summary.description}")
        shared = [f"`{word}`" for stem, word in asked.items() if stem in own]
        if shared:
            why = [*why, f"speaks of {', '.join(sorted(shared))}"]
        if why and not (one.summary.shadowed or one.summary.part_of):
            lower = one.standing.lower_percent if one.standing else 0
            key = (-nearness, not one.runnable, -lower, -len(shared), one.summary.name)
            scored.append((key, _because(one, "; ".join(why))))
    return [one for _, one in sorted(scored, key=lambda pair: pair[0])]


def _nearness(task: str, lineage: tuple[str, ...]) -> tuple[int, list[str]]:
    """Say how well a task type is served: by its own ensembles, its ancestors', its children's."""
    if not task or not lineage:
        return 0, []
    if task == lineage[0]:
        return 3, [f"serves `{task}`"]
    if task in lineage:
        return 2, [f"serves `{task}`, which covers `{lineage[0]}`"]
    if task.startswith(f"{lineage[0]}."):
        return 1, [f"serves `{task}`, a part of `{lineage[0]}`"]
    return 0, []


def _because(found: Found, why: str) -> Found:
    return Found(summary=found.summary, obstacles=found.obstacles, standing=found.standing, why=why)


def _words(text: str) -> dict[str, str]:
    """Give the words that say something, by what words of their family begin with."""
    words = _WORD.findall(text.lower())
    return {word[:_STEM]: word for word in reversed(words) if not _COMMON.fullmatch(word)}


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
