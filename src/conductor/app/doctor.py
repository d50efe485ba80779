"""`doctor`: what is here, what is missing, and the fix for each. It downloads nothing."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version

from conductor import __version__
from conductor.adapters import files
from conductor.adapters.embedded import find_model, model
from conductor.adapters.llm_orc import find_engine, version_of
from conductor.adapters.models import USUAL, Server, probe
from conductor.app.availability import listed, unavailable
from conductor.app.build import compiled
from conductor.app.ensembles import bindings, load, names, place
from conductor.app.settings import Settings, read_settings
from conductor.core.execution import Binding
from conductor.errors import ConductorError


class State(StrEnum):
    OK = "ok"
    MISSING = "missing"  # something that runs need
    ABSENT = "-"  # something that one may do without


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One thing looked at; `fix` is a command or an action, empty when all is well."""

    name: str
    state: State
    detail: str
    fix: str = ""


def examine(folder: str) -> list[Diagnosis]:
    """Look at everything that a run needs, in the order of its importance."""
    root = files.find_workspace(folder)
    with ThreadPoolExecutor() as pool:
        usual = pool.map(probe, USUAL.values())
        found = [_self(), *_workspace(root), *_engine(root), *_embedded()]
        servers = list(usual)
    found.extend(_server(name, one) for name, one in zip(USUAL, servers, strict=True))
    if root is not None:
        found.extend(_bindings(root))
    return [*found, _git()]


def _self() -> Diagnosis:
    detail = f"{__version__} on Python {platform.python_version()}, {platform.system()}"
    return Diagnosis(name="conductor", state=State.OK, detail=detail)


def _workspace(root: str | None) -> Iterator[Diagnosis]:
    if root is None:
        yield Diagnosis(
            name="workspace",
            state=State.ABSENT,
            detail="none: `route` uses the packaged policy",
            fix="conductor init",
        )
        return
    yield Diagnosis(name="workspace", state=State.OK, detail=root)
    try:
        result = compiled(root)
    except ConductorError as error:
        yield Diagnosis(name="policy", state=State.MISSING, detail=error.message, fix=error.hint)
        return
    errors = [finding for finding in result.findings if finding.level == "error"]
    if errors:
        detail = f"{errors[0].at}: {errors[0].message}"
        yield Diagnosis(name="policy", state=State.MISSING, detail=detail, fix="conductor compile")
    else:
        yield Diagnosis(name="policy", state=State.OK, detail="compiles")


def _engine(root: str | None) -> Iterator[Diagnosis]:
    settings = _settings(root)
    command = settings.engine_command if settings else "llm-orc"
    try:
        executable = find_engine(command)
        detail = f"llm-orc {version_of(executable)} ({executable})"
        yield Diagnosis(name="engine", state=State.OK, detail=detail)
    except ConductorError as error:
        yield Diagnosis(name="engine", state=State.MISSING, detail=error.message, fix=error.hint)
    yield _package("engine client", "mcp", "engine")


def _embedded() -> Iterator[Diagnosis]:
    yield _package("embedded server", "xllamacpp", "embedded")
    found = find_model()
    if found is None:
        detail = f"{model.NAME} is not on this machine ({model.MEGABYTES} MB, {model.LICENCE})"
        yield Diagnosis(
            name="embedded model", state=State.ABSENT, detail=detail, fix="conductor demo"
        )
    else:
        yield Diagnosis(name="embedded model", state=State.OK, detail=str(found.path))


def _package(name: str, distribution: str, extra: str) -> Diagnosis:
    try:
        detail = f"{distribution} {version(distribution)}"
    except PackageNotFoundError:
        return Diagnosis(
            name=name,
            state=State.MISSING,
            detail=f"{distribution} is not installed",
            fix=f"pip install 'llm-conductor[{extra}]'",
        )
    return Diagnosis(name=name, state=State.OK, detail=detail)


def _server(name: str, server: Server) -> Diagnosis:
    if server.problem:
        return Diagnosis(name=name, state=State.ABSENT, detail=server.problem)
    detail = f"{server.base_url}: {listed(server)}"
    return Diagnosis(name=name, state=State.OK, detail=detail)


def _bindings(root: str) -> Iterator[Diagnosis]:
    """Say for every profile that an ensemble names where it runs, and whether it could."""
    settings = _settings(root)
    bound: dict[str, Binding] = {}
    try:
        for name in names(root) if settings else ():
            bound |= bindings(load(root, name), settings)  # type: ignore[arg-type]  # not None here
    except ConductorError as error:
        yield Diagnosis(name="ensembles", state=State.MISSING, detail=str(error).splitlines()[0])
    obstacles = unavailable(bound)
    for name, binding in sorted(bound.items()):
        if obstacle := obstacles.get(name):
            yield Diagnosis(name=name, state=State.MISSING, detail=obstacle.what, fix=obstacle.fix)
        else:
            yield Diagnosis(name=name, state=State.OK, detail=f"runs on {place(binding)}")


def _git() -> Diagnosis:
    found = shutil.which("git")
    if found is None:
        return Diagnosis(
            name="git", state=State.ABSENT, detail="not installed", fix="install git to promote"
        )
    return Diagnosis(name="git", state=State.OK, detail=found)


def _settings(root: str | None) -> Settings | None:
    try:
        return read_settings(root) if root else None
    except ConductorError:
        return None  # said already, where the workspace was looked at
