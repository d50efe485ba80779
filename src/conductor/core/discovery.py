"""Which ensembles there are, which can run, and which fit a task best."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from conductor.core.execution import Document
from conductor.core.standing import Standing
from conductor.core.summary import Summary
from conductor.core.tier import Tier

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
DROPPED = "ollama"  # which it could, before 0.20; `lint --fix` rewrites it
_STEM = 5  # letters that two words of one family share: summarise, summary


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


def obstacles(summary: Summary, around: Surroundings) -> tuple[Obstacle, ...]:
    """Name everything that keeps an ensemble from running, children included."""
    return tuple(dict.fromkeys(_obstacles(summary, around, set())))


def _obstacles(summary: Summary, around: Surroundings, seen: set[str]) -> Iterator[Obstacle]:
    if summary.problem:
        yield Obstacle(f"the file cannot be read: {summary.problem}", f"correct {summary.file}")
    for provider in summary.providers:
        yield from gone(provider, f"an agent of {summary.file}", _target(summary))
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


def _target(summary: Summary) -> str:
    """Name an ensemble for `lint`, which knows those of the workspace by their names."""
    return summary.name if summary.tier == Tier.LOCAL else summary.file


def gone(provider: str, who: str, target: str = "") -> Iterator[Obstacle]:
    """Find a provider that the engine knows no more, with the way out."""
    if provider == DROPPED:
        fix = " ".join(["conductor lint", *([target] if target else []), "--fix"])
        yield Obstacle(f"{who} names the provider `{provider}`, which the engine has dropped", fix)
    elif provider.partition("/")[0] not in PROVIDERS:
        fix = "use `openai-compatible` with the server's `base_url`, or a `conductor-…` profile"
        yield Obstacle(f"{who} names the provider `{provider}`, which the engine lacks", fix)


def _without_model(summary: Summary, around: Surroundings) -> Iterator[Obstacle]:
    for name in with_fallbacks(summary.profiles, around.profiles):
        if name not in around.profiles:
            fix = f"add profiles/{name}.yaml to its tier, or name another profile"
            yield Obstacle(f"the profile `{name}` is missing", fix)
        elif around.profiles[name].get("provider") == DROPPED:
            yield from gone(DROPPED, f"the profile `{name}`", _target(summary))
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

    Serving the task comes before sharing words with it, then what is not deprecated, then what can
    run, then the lower bound of its acceptance.
    """

    def place(candidate: tuple[Match, Found]) -> tuple[int, bool, bool, int, int, str]:
        match, one = candidate
        lower = one.standing.lower_percent if one.standing else 0
        old = match.summary.deprecated is not None
        return -match.nearness, old, not one.runnable, -lower, -match.shared, match.summary.name

    return [replace(one, why=match.why) for match, one in sorted(candidates, key=place)]


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


def _words(text: str) -> dict[str, str]:
    """Give the words that say something, by what words of their family begin with."""
    words = _WORD.findall(text.lower())
    return {word[:_STEM]: word for word in reversed(words) if word not in _COMMON}
