"""conductor.toml and the bindings of this machine, read and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel

from conductor.adapters import files
from conductor.compiler import problems
from conductor.compiler.source_settings import COMMIT, BindingsDoc, OrganisationDoc, SettingsDoc
from conductor.compiler.text import parse
from conductor.core.execution import Binding
from conductor.core.finding import Finding
from conductor.errors import SourceError

BINDINGS = f"{files.PRIVATE}/bindings.toml"
EMBEDDED = "embedded"  # the provider that conductor starts itself
_SQLITE = "sqlite:///"

Document = TypeVar("Document", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """Where changes are proposed, as a section of conductor.toml says; `remote` may be missing."""

    section: str

    remote: str = ""
    base: str = ""  # a branch; empty: what the remote's HEAD names
    branch: str = ""
    fork: str = ""
    forge: str = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this workspace is used; `bindings` is by profile name and may lack some."""

    engine_command: str
    timeout_seconds: int  # wall time of one run
    parallel: int  # items of a batch at the same time
    keep_contents: bool
    keep_days: int  # of kept texts; 0: for good
    ledger: str  # URL as written; a relative SQLite path starts at the workspace
    bindings: Mapping[str, Binding] = field(default_factory=dict)
    library: Upstream = Upstream(section="library")
    policy: Upstream = Upstream(section="policy")

    def ledger_url(self, root: str) -> str:
        path = self.ledger.removeprefix(_SQLITE)
        if path == self.ledger or path.startswith("/"):
            return self.ledger
        return f"{_SQLITE}{root}/{path}"

    def binding(self, profile: str) -> Binding:
        """Say where a profile runs; without a line for it, on the embedded model."""
        return self.bindings.get(profile) or Binding(profile=profile, provider=EMBEDDED, model="")


def organisation_of(text: str, file: str = files.SETTINGS) -> OrganisationDoc | None:
    """Read from settings which policy stands above the workspace's; raises SourceError."""
    document = _document(file, text, SettingsDoc)
    found = document.organisation
    if found and (bool(found.path) == bool(found.git) or bool(found.git) != bool(found.revision)):
        raise SourceError(
            "an organisation's policy is a `path`, or `git` with a `revision`",
            at=file,
            hint="write one of the two under [organisation]",
        )
    if found and found.revision and not re.fullmatch(COMMIT, found.revision):
        raise SourceError(
            f"`{found.revision}` is not the full id of a commit",
            at=file,
            hint="branches and tags can move; `git rev-parse` says the id",
        )
    return found


def read_settings(root: str) -> Settings:
    """Read what a person may have written; raises SourceError with the first mistake."""
    settings = _read(root, files.SETTINGS, SettingsDoc)
    return Settings(
        engine_command=settings.engine.command,
        timeout_seconds=settings.engine.timeout_seconds,
        parallel=settings.engine.parallel,
        keep_contents=settings.ledger.contents,
        keep_days=settings.ledger.keep_days or 0,
        ledger=settings.ledger.url,
        bindings=_bindings(root),
        library=Upstream(section="library", **settings.library.model_dump()),
        policy=Upstream(section="policy", **settings.policy.model_dump()),
    )


def _bindings(root: str) -> dict[str, Binding]:
    if files.read_if_there(f"{root}/{BINDINGS}") is None:
        return {}
    document = _read(root, BINDINGS, BindingsDoc)
    return {
        name: Binding(
            profile=name,
            provider=one.provider,
            model=one.model,
            base_url=one.base_url,
            model_digest=one.model_digest,
        )
        for name, one in document.profiles.items()
    }


def _read(root: str, file: str, model: type[Document]) -> Document:
    return _document(file, files.read_text(f"{root}/{file}"), model)


def _document(file: str, text: str, model: type[Document]) -> Document:
    parsed = parse(file, text)
    document = [parsed] if isinstance(parsed, Finding) else problems.read(model, parsed)
    if isinstance(document, list):
        first = document[0]
        raise SourceError(first.message, at=str(first.at), hint=first.hint)
    return document
