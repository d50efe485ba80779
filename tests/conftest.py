"""What every test may use: a workspace of its own, and the command in and out of process."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings

settings.register_profile("quick", max_examples=40, deadline=None)  # no timers in tests
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

ROOT = Path(__file__).parents[1]
SMALL = {"adr-review", "summarize-document"}  # what a workspace of a test has of the kit
COPIED = ("conductor.toml", "policy", "registry", "schemas")


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def line_of(text: str, snippet: str) -> int:
    """Count the line, from 1, on which the first occurrence begins; no test pins a number."""
    return text[: text.index(snippet)].count("\n") + 1


@pytest.fixture(autouse=True)
def _nothing_of_the_host(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory):
    """A test that writes to the real home or reads its git settings would lie."""
    home = tmp_path_factory.mktemp("home")
    real_cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    monkeypatch.setenv("XDG_CACHE_HOME", real_cache)  # the model is fetched once, not per test
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setattr("os.getloadavg", lambda: (0.0, 0.0, 0.0))  # predictions would tell of it
    for name in [one for one in os.environ if one.startswith(("GIT_", "LLM_ORC_"))]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def _compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from conductor.app.compile import compile_workspace

    folder = tmp_path_factory.mktemp("workspace") / "w"
    folder.mkdir()
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    for kind in ("specs", "ensembles", "examples"):
        for path in (folder / "registry" / kind).iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif kind != "examples" and path.stem not in SMALL:
                path.unlink()
    assert not compile_workspace(str(folder)).failed
    return folder


@pytest.fixture
def workspace(_compiled: Path, tmp_path: Path) -> Path:
    """A compiled copy of the repository's own workspace, with two ensembles of the kit."""
    folder = tmp_path / "workspace"
    shutil.copytree(_compiled, folder)
    return folder


@pytest.fixture
def bare(workspace: Path) -> Path:
    """A workspace without an engine, which takes seconds to say its version."""
    settings = workspace / "conductor.toml"
    settings.write_text(settings.read_text().replace('"llm-orc"', '"no-engine"'))
    return workspace


@pytest.fixture(scope="session")
def _ready(_compiled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.promoting import make_ready

    folder = tmp_path_factory.mktemp("ready") / "workspace"
    shutil.copytree(_compiled, folder)
    make_ready(folder)
    return folder


@pytest.fixture(scope="session")
def history(_compiled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose runs speak for other numbers; to be copied before it is changed."""
    from tests.learning import seed

    folder = tmp_path_factory.mktemp("seeded") / "workspace"
    shutil.copytree(_compiled, folder)
    seed(folder)
    return folder


@pytest.fixture
def ready(_ready: Path, tmp_path: Path) -> Path:
    """A workspace of its own with an ensemble that may go to tier global."""
    folder = tmp_path / "ready"
    shutil.copytree(_ready, folder)
    return folder


@pytest.fixture
def conductor(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Call the command in this process, through click: `conductor("compile", folder=…)`."""
    from conductor.cli.root import conductor as group

    def call(*arguments: str, folder: Path, stdin: str | None = None) -> Result:
        monkeypatch.chdir(folder)
        return CliRunner().invoke(group, list(arguments), input=stdin, standalone_mode=False)

    return call


def heed_interrupts() -> None:
    """A shell lets what it starts in the background ignore Ctrl-C, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def command(*arguments: str, folder: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Call the command line from argv to exit code, in this process and without a terminal."""
    from conductor.__main__ import main

    argv, stdout, stderr = ["conductor", *arguments], io.StringIO(), io.StringIO()
    given = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(stdout),
        contextlib.redirect_stderr(stderr),
        patch.multiple(sys, argv=argv, stdin=given),
    ):
        code = main()
    return subprocess.CompletedProcess(argv, code, stdout.getvalue(), stderr.getvalue())


def process(*arguments: str, folder: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Call the command as a user does: a process of its own, which costs a second."""
    return subprocess.run(
        [sys.executable, "-m", "conductor", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
