"""Ensembles as the engine reads them: loaded with all they need, and bound to this machine."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from conductor.adapters import files
from conductor.app.compile import ENGINE
from conductor.app.lazily import Lazily
from conductor.app.settings import EMBEDDED, Settings
from conductor.app.shelves import homes_of, read_shelves
from conductor.compiler.problems import nearest
from conductor.compiler.schema import first_problem
from conductor.compiler.source_checks import read_checks
from conductor.compiler.text import parse
from conductor.core.checks import Expected, Material
from conductor.core.closure import Closure, Kind, Shelf, close
from conductor.core.execution import Binding, Document, Outcome
from conductor.core.finding import Finding
from conductor.errors import SourceError, UsageError

_NAME = re.compile(r"[A-Za-z0-9][\w-]{0,127}")  # a pattern before it is a path
_HERE = {"127.0.0.1", "localhost", "::1"}
_SCRIPT = re.compile(r"scripts/(?!.*\.\.)[\w./-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """An ensemble with its closure; nothing of it is read again before it runs."""

    name: str
    document: Document
    children: Mapping[str, Document]
    profiles: Mapping[str, Document]
    scripts: Mapping[str, str]
    closure: Closure

    @property
    def task(self) -> str:
        return str(self._block().get("task", ""))

    @property
    def template(self) -> str:
        """Name the template that all of it was rendered from; empty for a part of another one."""
        block = self._block()
        return "" if "part_of" in block else str(block.get("template", ""))

    @property
    def judges(self) -> tuple[str, str]:
        """Name the rubric that it judges by, and its revision; empty for what is no judge."""
        about = self._block().get("judges")
        about = about if isinstance(about, dict) else {}
        return str(about.get("rubric", "")), str(about.get("revision", ""))

    @property
    def expected(self) -> Expected:
        """Give what it declares about its output; raises SourceError for what nobody knows."""
        block = self._block()
        at = f"{ENGINE}/ensembles/{self.name}.yaml"
        return read_checks(block.get("checks"), at, wants_json=block.get("output") == "json")

    def material(self, text: str, outcome: Outcome) -> Material:
        """Give what checks look at after a run on a text."""
        return Material(
            outcome=outcome,
            ensemble=self.document,
            input=text,
            expected=self.expected,
            children=self.children,
            validate=first_problem,
        )

    def _block(self) -> Document:
        block = self.document.get("x-conductor")
        return block if isinstance(block, dict) else {}


def load(root: str, name: str) -> Loaded:
    """Load the ensemble that runs under a name, from the first tier that has it.

    Raises UsageError or SourceError with the next step.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"`{name}` is no ensemble name", hint=_known(root, name))
    folders = [home.folder for home in homes_of(root)]
    shelf = Shelf(
        ensembles=Lazily(lambda child: _yaml(root, folders, "ensembles", child)),
        profiles=Lazily(lambda profile: _yaml(root, folders, "profiles", profile)),
        scripts=Lazily(lambda path: _script(folders, path)),
    )
    document = shelf.ensembles.get(name) or _by_its_own_name(root, name)
    if document is None:
        raise UsageError(f"there is no ensemble `{name}`", hint=_known(root, name))
    closure = close(name, document, shelf)
    if closure.gaps:
        gap = closure.gaps[0]
        raise SourceError(
            f"`{gap.wanted_by}` needs the {gap.kind} `{gap.name}`, which is not there",
            at=f"{ENGINE}/ensembles/{name}.yaml",
            hint=f"add it below {ENGINE}/, or take it out of the ensemble",
        )
    return with_closure(name, document, closure, shelf)


def with_closure(name: str, document: Document, closure: Closure, shelf: Shelf) -> Loaded:
    """Take what a closure has from the shelf that it was collected from."""
    children = [member.name for member in closure.of(Kind.ENSEMBLE) if member.name != name]
    return Loaded(
        name=name,
        document=document,
        children={child: shelf.ensembles[child] for child in children},
        profiles={one.name: shelf.profiles[one.name] for one in closure.of(Kind.PROFILE)},
        scripts={
            one.name: shelf.scripts[one.name].decode()
            for one in (*closure.of(Kind.SCRIPT), *closure.of(Kind.FILE))
        },
        closure=closure,
    )


def bindings(loaded: Loaded, settings: Settings) -> dict[str, Binding]:
    """Say where each profile runs: as it says itself, as this machine says, or embedded."""
    return {name: binding_of(name, one, settings) for name, one in loaded.profiles.items()}


def binding_of(name: str, profile: Document, settings: Settings) -> Binding:
    """Say where one profile runs."""
    provider, model = profile.get("provider"), profile.get("model")
    if isinstance(provider, str) and isinstance(model, str):
        address = str(profile.get("base_url") or "")
        return Binding(profile=name, provider=provider, model=model, base_url=address)
    return settings.binding(name)


def is_here(binding: Binding) -> bool:
    """Tell whether it runs on this machine, whose memory and processors it then shares."""
    return binding.provider == EMBEDDED or urlsplit(binding.base_url).hostname in _HERE


def place(binding: Binding) -> str:
    """Say in words where a binding runs."""
    if binding.provider == EMBEDDED:
        return "the embedded model"
    return f"{binding.model} at {binding.base_url or binding.provider}"


def on_server(
    bound: Mapping[str, Binding], embedded: str, *, model: str, model_digest: str, base_url: str
) -> dict[str, Binding]:
    """Fill in the server that conductor started, wherever the provider is `embedded`."""
    return {
        name: replace(binding, model=model, model_digest=model_digest, base_url=base_url)
        if binding.provider == embedded
        else binding
        for name, binding in bound.items()
    }


def names(root: str) -> list[str]:
    """List the ensembles that run under their names, over all tiers."""
    return sorted({one.name for one in read_shelves(root).summaries if not one.problem})


def _by_its_own_name(root: str, name: str) -> Document | None:
    """Find an ensemble that stands in a file of another name, as the engine does."""
    summaries = read_shelves(root).summaries
    found = next((one for one in summaries if one.name == name and not one.problem), None)
    return read_document(root, found.file) if found else None


def _yaml(root: str, folders: Sequence[str], kind: str, name: str) -> Document | None:
    if not _NAME.fullmatch(name):
        return None
    for folder in folders:
        if files.changed_at(path := f"{folder}/{kind}/{name}.yaml"):
            return read_document(root, path)
    return None


def read_document(root: str | None, path: str) -> Document:
    """Read a YAML file of the engine, below `root` if it is not absolute; raises SourceError."""
    shown = path.removeprefix(f"{root}/")
    return document_of(shown, files.read_text(str(PurePosixPath(root or "/", path))))


def document_of(shown: str, text: str) -> Document:
    """Read the text of such a file; raises SourceError with its place in `shown`."""
    parsed = parse(shown, text, for_engine=True)
    if isinstance(parsed, Finding):
        raise SourceError(parsed.message, at=str(parsed.at), hint=parsed.hint)
    if not isinstance(parsed.data, dict):
        raise SourceError("the file holds no mapping", at=shown)
    return parsed.data


def _script(folders: Sequence[str], path: str) -> bytes | None:
    if not _SCRIPT.fullmatch(path):
        return None
    texts = (files.read_if_there(f"{folder}/{path}") for folder in folders)
    return next((text.encode() for text in texts if text is not None), None)


def _known(root: str, name: str) -> str:
    known = names(root)
    return nearest(name, known) if known else "make one: `conductor new-ensemble`"
