"""`ensembles`: what there is over all tiers, what fits a task, and what one ensemble is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from conductor.adapters import files
from conductor.app.availability import unavailable
from conductor.app.compile import ENGINE, compile_workspace
from conductor.app.ensembles import Loaded, binding_of, load, place, read_document
from conductor.app.route import Router
from conductor.app.settings import Settings, read_settings
from conductor.app.shelves import Shelves, read_shelves
from conductor.app.standings import read_stages, read_standings
from conductor.compiler.problems import nearest
from conductor.compiler.render import profile_name
from conductor.core.closure import agents_of
from conductor.core.composing import suited
from conductor.core.contract import Schema, gives, output_schema
from conductor.core.discovery import (
    Found,
    Surroundings,
    matching,
    obstacles,
    rank,
    with_fallbacks,
)
from conductor.core.execution import Document
from conductor.core.graph import MANY, breadth
from conductor.core.policy import TASK
from conductor.core.standing import Standing
from conductor.core.summary import (
    Summary,
    by_stem,
    with_children,
)
from conductor.core.tier import Tier
from conductor.errors import ConductorError, UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What fits a task, best first; `task` is the type that the words were taken for."""

    task: str
    template: str  # that would make one; empty when composing does not pay
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """One ensemble with everything it is made of. `loaded` is None while something is missing."""

    found: Found
    loaded: Loaded | None
    runs_on: tuple[tuple[str, str], ...]  # (profile, where)
    stage: tuple[str, str] | None = None  # which runs are judged: a state and its reason
    ceiling: tuple[str, ...] = ()  # why agents are on the biggest class
    gives: str = ""  # what comes out
    output_schema: Schema | None = None  # that the output is held to
    pays_from: int | None = None  # tokens of a task, from which delegating it gains; None: unknown


def listing(folder: str, tier: Tier | None = None) -> tuple[Found, ...]:
    """List every ensemble of every tier, in the order in which the engine looks."""
    root = _workspace(folder)
    shelves = read_shelves(root)
    wanted = [one for one in shelves.summaries if tier is None or one.tier == tier]
    return tuple(_known(root, shelves, wanted))


def search(folder: str, text: str, task: str = "") -> Search:
    """Find what fits; the task type is `task`, or what the policy's signals make of the text."""
    router = Router(folder, log=False, say=lambda _: None)
    given = {TASK: task} if task else {}
    decision, _ = router.decide(text, given)
    kind = str(decision.facts[TASK].value) if TASK in decision.facts else ""
    root = _workspace(folder)
    parts = kind.split(".")
    lineage = tuple(".".join(parts[:length]) for length in range(len(parts), 0, -1))
    shelves = read_shelves(root)
    matches = matching(shelves.summaries, text=text, lineage=lineage)
    known = _known(root, shelves, [one.summary for one in matches])
    found = rank(zip(matches, known, strict=True))
    template = suited(router.policy, decision) if router.policy else ""
    return Search(task=kind, template=template, found=tuple(found))


def details(folder: str, name: str) -> Details:
    """Describe the ensemble that runs under a name; raises UsageError with the nearest one."""
    root = _workspace(folder)
    shelves = read_shelves(root)
    (found,) = _known(root, shelves, [_named(shelves, name)])
    try:
        loaded = load(root, name) if root else None
    except ConductorError:
        loaded = None  # the obstacles say why
    settings = read_settings(root) if root else None
    runs_on = (
        tuple(
            (profile, place(binding_of(profile, document, settings)))
            for profile, document in loaded.profiles.items()
        )
        if loaded and settings
        else ()
    )
    stages = read_stages(root) if root and found.standing else {}
    return Details(
        found=found,
        loaded=loaded,
        runs_on=runs_on,
        stage=stages.get(name),
        ceiling=tuple(_ceiling(loaded)) if loaded else (),
        gives=gives(loaded.document) if loaded else "",
        output_schema=output_schema(loaded.document) if loaded else None,
        pays_from=_pays_from(folder, found),
    )


def _pays_from(folder: str, found: Found) -> int | None:
    if found.standing is None or found.standing.measured is None:
        return None
    policy = Router(folder, log=False, say=lambda _: None).policy
    task = found.summary.task
    return policy.delegation.pays_from(task, found.standing.measured) if policy else None


def _ceiling(loaded: Loaded) -> Iterator[str]:
    """Say of each agent on the biggest class how much it brings together."""
    profile = profile_name("ceiling")
    found = breadth(loaded.document)
    for agent in agents_of(loaded.document):
        if agent.get("model_profile") == profile:
            name = str(agent.get("name"))
            many = "any number of" if found[name] >= MANY else str(found[name])
            trusted = loaded.profiles[profile].get("description", "")
            yield f"`{name}` brings {many} others together: {trusted}"


def graph_of(folder: str, name: str) -> Document:
    """Give the ensemble that runs under a name, to be drawn."""
    root = _workspace(folder)
    return read_document(root, _named(read_shelves(root), name).file)


def _workspace(folder: str) -> str | None:
    """Find the workspace, with the engine's copies made where a fresh clone has none."""
    root = files.find_workspace(folder)
    if root and not files.changed_at(f"{root}/{ENGINE}"):
        compile_workspace(root)
    return root


def _named(shelves: Shelves, name: str) -> Summary:
    """Find what runs under a name; raises UsageError with the nearest one."""
    found = [one for one in shelves.summaries if one.name == name]
    if not found:
        known = [one.name for one in shelves.summaries]
        hint = nearest(name, known) if known else "make one: conductor new-ensemble"
        raise UsageError(f"there is no ensemble `{name}`", hint=hint)
    return next((one for one in found if not one.problem), found[0])


def _known(root: str | None, shelves: Shelves, wanted: Sequence[Summary]) -> list[Found]:
    """Say of each whether it can run, and what is known about it; only their servers are asked."""
    standings = read_standings(root, lambda _: None) if root else {}
    around = _surroundings(root, shelves, wanted)
    return [
        Found(
            summary=one,
            obstacles=obstacles(one, around),
            standing=_standing(root, one, standings.get(one.name)),
        )
        for one in wanted
    ]


def _surroundings(root: str | None, shelves: Shelves, wanted: Sequence[Summary]) -> Surroundings:
    settings: Settings | None = read_settings(root) if root else None
    ensembles = by_stem(shelves.summaries)
    parts = with_children(wanted, ensembles)
    profiles = with_fallbacks((name for one in parts for name in one.profiles), shelves.profiles)
    scripts = {name for one in parts for name in one.scripts}
    bound = (
        {
            name: binding_of(name, shelves.profiles[name], settings)
            for name in profiles
            if name in shelves.profiles
        }
        if settings
        else {}
    )
    return Surroundings(
        ensembles=ensembles,
        profiles=shelves.profiles,
        scripts=frozenset(script for script in scripts if shelves.script(script)),
        unbound=unavailable(bound),
    )


def _standing(root: str | None, summary: Summary, standing: Standing | None) -> Standing | None:
    """Keep evidence that belongs to what stands in the file now."""
    if standing is None or root is None or summary.shadowed:
        return None
    try:
        current = load(root, summary.name).closure.text_digest
    except ConductorError:
        return None
    return standing if standing.text_digest == current else None
