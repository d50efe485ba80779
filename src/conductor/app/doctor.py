"""`doctor`: what is here, what is missing, and the fix for each. It downloads nothing."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, version

from conductor import __version__
from conductor.adapters import files
from conductor.adapters.embedded import find_model, model
from conductor.adapters.llm_orc import find_engine, version_of
from conductor.adapters.models import USUAL, Server, probe
from conductor.app import equipment
from conductor.app.availability import listed
from conductor.app.build import compiled
from conductor.app.compile import ENGINE
from conductor.app.discovery import listing
from conductor.app.models import survey
from conductor.app.project import Project
from conductor.app.settings import Settings, read_settings
from conductor.core.diagnosis import Diagnosis, State
from conductor.errors import ConductorError


def examine(folder: str) -> list[Diagnosis]:
    """Look at everything that a run needs, in the order of its importance."""
    root = files.find_workspace(folder)
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(lambda: list(_engine(root)))  # it takes seconds to say its version
        sources = [_self(), *_workspace(root)]
        sound = root is not None and all(one.state is State.OK for one in sources)
        rest = list(_within(folder, asked) if sound else _servers(_usual()))
        return [*sources, *asked.result(), *_embedded(), *rest, _git()]


def _within(folder: str, asked: Future[list[Diagnosis]]) -> Iterator[Diagnosis]:
    """Look at what a workspace that compiles runs on."""
    with Project(folder) as project:
        seen = survey(project)
    yield from _servers([(name, one) for name, one, _ in seen.servers])
    yield from equipment.memory(seen)
    yield from equipment.classes(seen)
    if files.changed_at(f"{project.root}/{ENGINE}"):
        known = listing(folder)
        engine = all(one.state is State.OK for one in asked.result())
        yield from equipment.ensembles(known, seen, engine=engine)
        yield from equipment.pulls(seen)
    else:  # listing would write them, and nothing is changed here
        detail = f"{ENGINE}/, which the engine reads, is not written yet"
        yield Diagnosis(
            name="ensembles", state=State.MISSING, detail=detail, fix="conductor compile"
        )


def _usual() -> list[tuple[str, Server]]:
    with ThreadPoolExecutor() as pool:
        return list(zip(USUAL, pool.map(probe, USUAL.values()), strict=True))


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
    """Look at the stopgap. Who runs on it, and so needs it, is said with the classes."""
    yield _package("embedded server", "xllamacpp", "embedded", lacking=State.ABSENT)
    found = find_model()
    if found is None:
        detail = f"{model.NAME} is not on this machine ({model.MEGABYTES} MB, {model.LICENCE})"
        yield Diagnosis(
            name="embedded model", state=State.ABSENT, detail=detail, fix="conductor demo"
        )
    else:
        yield Diagnosis(name="embedded model", state=State.OK, detail=str(found.path))


def _package(
    name: str, distribution: str, extra: str, *, lacking: State = State.MISSING
) -> Diagnosis:
    try:
        detail = f"{distribution} {version(distribution)}"
    except PackageNotFoundError:
        return Diagnosis(
            name=name,
            state=lacking,
            detail=f"{distribution} is not installed",
            fix=f"pip install 'llm-conductor[{extra}]'",
        )
    return Diagnosis(name=name, state=State.OK, detail=detail)


def _servers(servers: Sequence[tuple[str, Server]]) -> Iterator[Diagnosis]:
    """Name every server; where none answers, say how to have one."""
    alone = all(one.problem for _, one in servers)
    for name, one in servers:
        if not one.problem:
            detail = f"{one.base_url}: {listed(one)}"
            yield Diagnosis(name=name, state=State.OK, detail=detail)
            continue
        fix = (
            "ollama serve" if shutil.which("ollama") else "install it: https://ollama.com/download"
        )
        yield Diagnosis(
            name=name,
            state=State.ABSENT,
            detail=one.problem,
            fix=fix if alone and name == "Ollama" else "",
        )


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
