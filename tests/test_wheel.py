"""The wheel in an empty environment, without development dependencies and without extras."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.wheel


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of executables of a fresh environment that holds the wheel and nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    binaries = folder / "venv" / "bin"
    subprocess.run([str(binaries / "pip"), "install", "--quiet", str(wheel)], check=True)
    return binaries


def call(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    folder.mkdir(exist_ok=True)
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    return subprocess.run(
        [str(installed / "conductor"), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_route_decides_by_the_packaged_policy_without_compiling(installed: Path, tmp_path: Path):
    done = call(installed, tmp_path, "route", "Summarize this text: a b c", "--json")
    assert done.stderr == ""
    decision = json.loads(done.stdout)
    assert (decision["outcome"], decision["ensemble"]) == ("local", "summarize-document")


def test_a_workspace_can_be_made_compiled_and_checked(installed: Path, tmp_path: Path):
    assert call(installed, tmp_path, "init", "--yes").returncode == 0
    assert call(installed, tmp_path, "compile", "--check").returncode == 0
    new = ("new-ensemble", "names", "--yes", "--set", "description=d", "--set", "synthesizer=s")
    agents = ("--set", "extractors.names=List names.", "--set", "analyzers.check=Check them.")
    assert call(installed, tmp_path, *new, *agents).returncode == 0
    done = call(installed, tmp_path, "route", "x", "--fact", "task=extraction", "--json")
    assert json.loads(done.stdout)["outcome"] == "claude"


def test_what_an_extra_would_bring_is_named_when_it_is_missing(installed: Path, tmp_path: Path):
    call(installed, tmp_path, "init", "--yes")
    done = call(installed, tmp_path, "run", "summarize-document", "--input", "a")
    assert done.returncode == 3
    assert "pip install 'llm-conductor[" in done.stderr
    doctor = call(installed, tmp_path, "doctor")
    assert doctor.returncode == 1
    assert "pip install 'llm-conductor[engine]'" in doctor.stdout
    assert "pip install 'llm-conductor[embedded]'" in doctor.stdout


@pytest.mark.parametrize("command", ["", "demo", "init", "run", "report"])
def test_help_needs_no_extra(installed: Path, tmp_path: Path, command: str):
    done = call(installed, tmp_path, *([command] if command else []), "--help")
    assert done.returncode == 0
    assert "Usage: conductor" in done.stdout
