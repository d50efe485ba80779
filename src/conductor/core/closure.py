"""The closure of an ensemble: all that it needs to run, and the digests evidence is keyed by.

A digest is taken over sorted lines `kind NUL name NUL digest LF`. The *text* digest leaves bound
models out; the *bound* digest adds a line per logical profile with the model behind it. Comments,
key order, descriptions and `x-conductor` do not matter; any prompt, script or model does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from conductor.core.digest import digest, digest_bytes
from conductor.core.execution import Binding, Document

# What an execution depends on; the rest (name, description, tasks) the engine only shows.
_ENGINE_KEYS = {
    "agents",
    "validation",
    "test_mode",
    "raw_output",
    "topaz_skill",
    "serves",
    "output_schema",
    "output_substrate",
    "output_retention",
    "calibration_substrate_access",
}
_PROFILE_METADATA = {"name", "description", "cost_per_token"}
_SCRIPT_SUFFIXES = {".py", ".sh", ".bash", ".js", ".rb"}
_TEMPLATE = re.compile(r"\$\{[^}]*\}")


class Kind(StrEnum):
    ENSEMBLE = "ensemble"
    PROFILE = "profile"
    SCRIPT = "script"
    FILE = "file"
    MODEL = "model"


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """One thing in a closure; `digest` is `sha256:…` or, for a model, `unresolved:` and a name."""

    kind: Kind
    name: str
    digest: str


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """Something that the closure names and nobody has."""

    kind: Kind
    name: str
    wanted_by: str  # an agent or a profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Where references are looked up: children by file stem, the rest as they are written."""

    ensembles: Mapping[str, Document] = field(default_factory=dict)
    profiles: Mapping[str, Document] = field(default_factory=dict)
    scripts: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """The members, sorted, and the gaps; a closure with gaps must not run."""

    members: tuple[Member, ...]
    gaps: tuple[Gap, ...]

    @property
    def text_digest(self) -> str:
        return _digest(self.members)

    def bound_digest(self, bindings: Mapping[str, Binding]) -> str:
        """Add the model behind each profile; a profile without a binding stays unresolved."""
        return _digest(self.bound_members(bindings))

    def bound_members(self, bindings: Mapping[str, Binding]) -> tuple[Member, ...]:
        """Give the members that evidence depends on: the closure's own, and its models."""
        models = []
        for member in self.of(Kind.PROFILE):
            binding = bindings.get(member.name)
            name = binding.model if binding else ""
            weights = binding.model_digest if binding else ""
            models.append(Member(Kind.MODEL, member.name, weights or f"unresolved:{name}"))
        return (*self.members, *models)

    def of(self, kind: Kind) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.kind is kind)


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


def compare(old: Iterable[Member], new: Iterable[Member]) -> tuple[tuple[Kind, str, Change], ...]:
    """Say which parts of a closure differ: (kind, name, how), sorted; nothing when none does.

    A profile and the model behind it are two parts, so that other weights under the same text
    are told from another text.
    """
    before, after = ({(one.kind, one.name): one.digest for one in side} for side in (old, new))
    found = []
    for part in sorted({*before, *after}):
        if part not in before:
            found.append((*part, Change.ADDED))
        elif part not in after:
            found.append((*part, Change.REMOVED))
        elif before[part] != after[part]:
            found.append((*part, Change.CHANGED))
    return tuple(found)


def close(name: str, ensemble: Document, shelf: Shelf) -> Closure:
    """Collect the closure of `ensemble`; a cycle of children is walked once."""
    walk = _Walk(shelf)
    walk.ensemble(name, ensemble)
    return Closure(members=tuple(sorted(walk.members)), gaps=tuple(sorted(walk.gaps)))


def semantic_digest(ensemble: Document) -> str:
    """Digest what the engine executes: no metadata, no `x-conductor`, no key order."""
    return digest({key: value for key, value in ensemble.items() if key in _ENGINE_KEYS})


def profile_digest(profile: Document) -> str:
    kept = {key: value for key, value in profile.items() if key not in _PROFILE_METADATA}
    return digest({key: value for key, value in kept.items() if not key.startswith("x-")})


def is_script_path(reference: str) -> bool:
    """Tell a script's path from inline shell, as the engine does."""
    return "/" in reference or "\\" in reference or _suffix(reference) in _SCRIPT_SUFFIXES


def agents_of(ensemble: Document) -> list[Document]:
    agents = ensemble.get("agents")
    return (
        [agent for agent in agents if isinstance(agent, dict)] if isinstance(agents, list) else []
    )


class _Walk:
    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.members: set[Member] = set()
        self.gaps: set[Gap] = set()
        self.visited: set[str] = set()
        self.profiles: set[str] = set()

    def ensemble(self, name: str, document: Document) -> None:
        self.visited.add(name)
        self.members.add(Member(Kind.ENSEMBLE, name, semantic_digest(document)))
        for path in _extra_files(document):
            self._bytes(Kind.FILE, path, name)
        for child in _declared_targets(document):
            self._child(child, name)
        for agent in agents_of(document):
            self._agent(agent)

    def _agent(self, agent: Document) -> None:
        who = str(agent.get("name", "?"))
        for key in ("model_profile", "fallback_model_profile"):
            if isinstance(profile := agent.get(key), str):
                self._profile(profile, who)
        if isinstance(script := agent.get("script"), str) and is_script_path(script):
            self._bytes(Kind.SCRIPT, script, who)
        for child in children_of(agent):
            self._child(child, who)

    def _profile(self, name: str, wanted_by: str) -> None:
        if name in self.profiles:
            return
        profile = self.shelf.profiles.get(name)
        if profile is None:
            self.gaps.add(Gap(Kind.PROFILE, name, wanted_by))
            return
        self.profiles.add(name)
        self.members.add(Member(Kind.PROFILE, name, profile_digest(profile)))
        if isinstance(fallback := profile.get("fallback_model_profile"), str):
            self._profile(fallback, name)

    def _bytes(self, kind: Kind, path: str, wanted_by: str) -> None:
        source = self.shelf.scripts.get(path)
        if source is None:
            self.gaps.add(Gap(kind, path, wanted_by))
        else:
            self.members.add(Member(kind, path, digest_bytes(source)))

    def _child(self, name: str, wanted_by: str) -> None:
        if name in self.visited:
            return
        child = self.shelf.ensembles.get(name)
        if child is None:
            self.gaps.add(Gap(Kind.ENSEMBLE, name, wanted_by))
        else:
            self.ensemble(name, child)


def children_of(agent: Document) -> Iterator[str]:
    """Name the ensembles that an agent runs, by file stem; what a run decides is left out."""
    loop = agent.get("loop")
    body = loop.get("body") if isinstance(loop, dict) else None
    for reference in (agent.get("ensemble"), body, agent.get("dispatch")):
        if isinstance(reference, str) and not _TEMPLATE.search(reference):
            yield reference


def _declared_targets(ensemble: Document) -> list[str]:
    return _declared(ensemble, "dispatch_targets")


def _extra_files(ensemble: Document) -> list[str]:
    return _declared(ensemble, "files")


def _declared(ensemble: Document, key: str) -> list[str]:
    block = ensemble.get("x-conductor")
    names = block.get(key) if isinstance(block, dict) else None
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _suffix(reference: str) -> str:
    _, dot, suffix = reference.rpartition("/")[2].rpartition(".")
    return dot + suffix


def _digest(members: tuple[Member, ...]) -> str:
    lines = sorted(f"{one.kind}\0{one.name}\0{one.digest}\n" for one in members)
    return digest_bytes("".join(lines).encode(errors="surrogatepass"))
