"""`models`: what servers have, which capability class it could serve, and where classes run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from conductor.adapters import files, machine
from conductor.adapters import models as servers
from conductor.adapters.models import USUAL, Server
from conductor.app.availability import insist_on, unavailable
from conductor.app.project import Project
from conductor.app.settings import BINDINGS, EMBEDDED
from conductor.app.shelves import read_shelves
from conductor.compiler.problems import nearest
from conductor.compiler.rebind import rebound
from conductor.compiler.render import profile_name
from conductor.core.capability import (
    CapabilityClass,
    Model,
    Offer,
    Suggestion,
    best_for,
    classes,
    offers,
    pulls,
    size_of,
)
from conductor.core.discovery import (
    Obstacle,
)
from conductor.core.execution import Binding
from conductor.core.summary import (
    profiles_needed,
)
from conductor.errors import OutsideError, UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A capability class on this machine: where it runs, what it could run on, what to pull."""

    capability: CapabilityClass
    binding: Binding
    obstacle: Obstacle | None
    candidates: tuple[Model, ...]  # of this class's size, here
    pulls: tuple[Suggestion, ...]  # only where nothing is bound and nothing here is of its size
    ensembles: tuple[str, ...]  # that have agents of this class


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    servers: tuple[tuple[str, Server, tuple[Model, ...]], ...]  # (name, server, its models)
    places: tuple[Place, ...]
    offers: tuple[Offer, ...]  # a model for each class that nothing of its size serves
    memory_gigabytes: float
    limit_billion: float

    @property
    def models(self) -> tuple[Model, ...]:
        return tuple(model for _, _, models in self.servers for model in models)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The text of bindings.toml before and after; equal when there is nothing to do."""

    before: str
    after: str
    bound: tuple[Binding, ...]


def survey(project: Project, server: str = "") -> Survey:
    """Ask the usual servers, those that are bound, and `server`; nothing is changed anywhere.

    Raises OutsideError when the server that was named does not answer.
    """
    named = [server, *(one.base_url for one in project.settings.bindings.values())]
    addresses = dict.fromkeys([*USUAL.values(), *(url for url in named if url)])
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(servers.probe, addresses))
        insist_on(server, answers)
        found = list(pool.map(servers.installed, answers))
    together = [model for models in found for model in models]
    section = project.sections["models"]
    memory = machine.memory_gigabytes()
    every = classes(section["classes"])
    bindings = {one.name: project.settings.binding(profile_name(one.name)) for one in every}
    obstacles = unavailable(bindings)
    suggestions = [_suggestion(one) for one in section["suggestion"]]
    usual = {url: name for name, url in USUAL.items()}
    needs = _needs(project, every)
    places = tuple(
        Place(
            capability=one,
            binding=bindings[one.name],
            obstacle=obstacles.get(one.name),
            candidates=(own := _of_its_size(one, together)),
            pulls=pulls(suggestions, one.name, memory)
            if bindings[one.name].provider == EMBEDDED and not own
            else (),
            ensembles=tuple(name for name, wanted in needs.items() if one.name in wanted),
        )
        for one in every
    )
    served = {
        one.capability.name for one in places if one.candidates or one.binding.provider != EMBEDDED
    }
    return Survey(
        servers=tuple(
            (usual.get(one.base_url, one.base_url), one, models)
            for one, models in zip(answers, found, strict=True)
        ),
        places=places,
        offers=offers(suggestions, needs, frozenset(served), memory),
        memory_gigabytes=memory,
        limit_billion=section["parameters"]["limit_billion"],
    )


def proposals(found: Survey) -> tuple[Binding, ...]:
    """Propose the best model here for each class that runs on none of its own yet."""
    best = {
        place.capability.name: best_for(place.capability, found.models, found.memory_gigabytes)
        for place in found.places
        if place.binding.provider == EMBEDDED or place.obstacle
    }
    return tuple(_binding(name, model) for name, model in best.items() if model)


def binding_for(
    found: Survey, capability: str, model: str, *, server: str = "", billion: float | None = None
) -> Binding:
    """Bind a class to a model by name; `billion` says its size where the name does not.

    Raises UsageError for what no server has, what is too big, and what is of unknown size.
    """
    place = next((one for one in found.places if one.capability.name == capability), None)
    if place is None:
        known = [one.capability.name for one in found.places]
        raise UsageError(f"there is no class `{capability}`", hint=nearest(capability, known))
    if model == EMBEDDED:
        return Binding(profile=profile_name(capability), provider=EMBEDDED, model=EMBEDDED)
    chosen = _named(found, model, server)
    size = billion or chosen.billion
    if size is None:
        hint = f"say it: conductor models bind {capability} {model} --billion N"
        raise UsageError(f"the size of `{model}` is not known", hint=hint)
    if not place.capability.admits(size):
        allowed = f"`{capability}` takes up to {place.capability.max_billion:g}"
        raise UsageError(
            f"`{model}` has {size:.3g} billion parameters, {allowed}", hint=_bigger(found, size)
        )
    return _binding(capability, chosen)


def change(project: Project, bindings: tuple[Binding, ...]) -> Change:
    """Work out the new text of bindings.toml; nothing is written."""
    before = files.read_if_there(project.path(BINDINGS)) or ""
    after = before
    for binding in bindings:
        after = rebound(after, binding)
    return Change(before=before, after=after, bound=bindings)


def apply(project: Project, one: Change) -> None:
    files.write_atomically(project.path(BINDINGS), one.after)


def puller(server: str) -> str:
    """Give the address of the server that fetches models; raises OutsideError when none answers."""
    address = server or USUAL["Ollama"]
    if problem := servers.probe(address).problem:
        raise OutsideError(f"{address}: {problem}", hint="start it: ollama serve")
    return address


def pull(address: str, model: str, on_progress: Callable[[str, int, int], None]) -> None:
    """Have a server fetch a model; the caller has asked. Raises OutsideError."""
    servers.pull(address, model, on_progress)
    if model not in servers.probe(address).models:
        raise OutsideError(
            f"the server says it fetched `{model}`, and does not list it",
            hint="look at the server's own list: conductor models list",
        )


def suggestion(project: Project, model: str) -> Suggestion | None:
    """Find what the policy knows of a model."""
    known = (_suggestion(one) for one in project.sections["models"]["suggestion"])
    return next((one for one in known if one.model == model), None)


def _of_its_size(one: CapabilityClass, models: Iterable[Model]) -> tuple[Model, ...]:
    return tuple(model for model in models if model.billion and one.fits(model.billion))


def _needs(project: Project, every: Iterable[CapabilityClass]) -> dict[str, frozenset[str]]:
    """Name the classes that each ensemble needs."""
    known = {profile_name(one.name): one.name for one in every}
    needed = profiles_needed(read_shelves(project.root).summaries)
    return {
        name: frozenset(known[one] for one in profiles if one in known)
        for name, profiles in needed.items()
    }


def _suggestion(one: Mapping[str, object]) -> Suggestion:
    return Suggestion(
        capability=str(one["class"]),
        model=str(one["model"]),
        billion=float(str(one["billion"])),
        gigabytes=float(str(one["gigabytes"])),
        licence=str(one["licence"]),
    )


def _binding(capability: str, model: Model) -> Binding:
    return Binding(
        profile=profile_name(capability),
        provider="openai-compatible",
        model=model.name,
        base_url=model.base_url,
        model_digest=model.digest,
    )


def _named(found: Survey, name: str, server: str) -> Model:
    having = [one for one in found.models if one.name == name]
    if server:
        having = [one for one in having if one.base_url.rstrip("/") == server.rstrip("/")]
    if len(having) == 1:
        return having[0]
    if having:
        addresses = " or ".join(one.base_url for one in having)
        raise UsageError(f"several servers have `{name}`", hint=f"choose one: --server {addresses}")
    known = [one.name for one in found.models]
    size = size_of(name)
    fetch = f"fetch it first: conductor models pull {name}" if size else ""
    hint = nearest(name, known) if known else fetch or "start a server: conductor doctor"
    raise UsageError(f"no server here has `{name}`", hint=hint)


def _bigger(found: Survey, size: float) -> str:
    fits = next((one.capability for one in found.places if one.capability.admits(size)), None)
    if fits is None:
        return f"nothing over {found.limit_billion:g} billion runs here: the task goes to Claude"
    return f"bind it to `{fits.name}`: {fits.trusted_with}"
