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
_COMMON = frozenset(
    _WORD.findall(
        "all and any are can each every for from has have into its may not one only out that the"
        " them then there these they this those use uses what when which with you your"
    )
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
    for name in with_fallbacks(summary.profiles, around.profiles):
        if name not in around.profiles:
            fix = f"add profiles/{name}.yaml to its tier, or name another profile"
            yield Obstacle(f"the profile `{name}` is missing", fix)
        elif obstacle := around.unbound.get(name):
            yield obstacle


def with_fallbacks(names: Iterable[str], profiles: Mapping[str, Document]) -> tuple[str, ...]:
    """Follow each profile's fallbacks: the engine wants the whole chain before it begins."""
    wanted = list(dict.fromkeys(names))
    for name in wanted:  # grows while it is read
        fallback = profiles.get(name, {}).get("fallback_model_profile")
        if isinstance(fallback, str) and fallback not in wanted:
            wanted.append(fallback)
    return tuple(wanted)


@dataclass(frozen=True, slots=True)
class Match:
    """An ensemble that has to do with what was asked for. `nearness` counts from 0, none at all."""

    summary: Summary
    nearness: int
    shared: int  # words
    why: str


def matching(
    summaries: Iterable[Summary], *, text: str, lineage: tuple[str, ...]
) -> tuple[Match, ...]:
    """Leave out what has nothing to do with the question, and what never runs by itself.

    `lineage` is the task type and its ancestors, nearest first.
    """
    asked = _words(text)
    found = []
    for one in summaries:
        if one.shadowed or one.part_of:
            continue
        nearness, why = _nearness(one.task, lineage)
        own = _words(f"{one.name} {one.description}") if asked else {}
        if shared := sorted(f"`{asked[stem]}`" for stem in asked.keys() & own.keys()):
            why = [*why, f"speaks of {', '.join(shared)}"]
        if why:
            found.append(Match(one, nearness, len(shared), "; ".join(why)))
    return tuple(found)


def rank(candidates: Iterable[tuple[Match, Found]]) -> list[Found]:
    """Order what matches with what is known about it, best first.

    Serving the task comes before sharing words with it, then what can run, then the lower bound of
    its acceptance.
    """

    def place(candidate: tuple[Match, Found]) -> tuple[int, bool, int, int, str]:
        match, one = candidate
        lower = one.standing.lower_percent if one.standing else 0
        return -match.nearness, not one.runnable, -lower, -match.shared, match.summary.name

    return [_because(one, match.why) for match, one in sorted(candidates, key=place)]


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
    return {word[:_STEM]: word for word in reversed(words) if word not in _COMMON}


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
