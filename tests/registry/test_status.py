"""`status` against the library: as our mirror has it, and as it is only when asked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import command
from tests.promoting import NAME
from tests.registry.library import BRANCH, advance, contribute
from tests.repositories import git

pytestmark = pytest.mark.registry

ENSEMBLE = f"ensembles/{NAME}.yaml"


def drifts(workspace: Path, *words: str, name: str = NAME) -> tuple[str, dict[str, str], int]:
    done = command("status", name, "--json", *words, folder=workspace)
    (one,) = json.loads(done.stdout)["ensembles"]
    found = one["library"]
    differing = {path: how for path, how in found["files"].items() if how != "same"}
    return found["drift"], differing, done.returncode


def merge(library: Path) -> None:
    git("update-ref", "refs/heads/main", BRANCH, cwd=library)


def test_each_side_that_changed_is_told_by_file(workspace: Path, library: Path, tmp_path: Path):
    contribute(workspace)
    assert drifts(workspace)[::2] == ("local", 0)
    merge(library)
    assert drifts(workspace)[0] == "local"  # nobody was asked
    assert drifts(workspace, "--fetch") == ("same", {}, 0)
    here = Path.home() / ".config/llm-orc" / ENSEMBLE
    original = here.read_text()
    advance(library, tmp_path / "theirs", {ENSEMBLE: original + "# there\n"})
    assert drifts(workspace) == ("same", {}, 0)
    assert drifts(workspace, "--fetch") == ("behind", {ENSEMBLE: "behind"}, 1)
    here.write_text(original + "# here\n")
    assert drifts(workspace) == ("diverged", {ENSEMBLE: "diverged"}, 1)
    advance(library, tmp_path / "theirs", {ENSEMBLE: original})
    assert drifts(workspace, "--fetch") == ("ahead", {ENSEMBLE: "ahead"}, 1)
    shutil.rmtree(Path.home() / ".config/llm-orc")
    assert drifts(workspace)[0] == "orphan"


def test_a_library_that_is_gone_matters_only_to_who_asks(workspace: Path, library: Path):
    assert "was not looked at yet" in command("status", folder=workspace).stderr
    contribute(workspace)
    shutil.rmtree(library)
    done = command("status", folder=workspace)
    assert (done.returncode, "library   local: not in the library" in done.stdout) == (0, True)
    assert command("status", "--fetch", folder=workspace).returncode == 3


def test_a_deprecation_there_is_told_and_other_ensembles_are_counted(
    workspace: Path, library: Path, tmp_path: Path
):
    contribute(workspace)
    merge(library)
    status = {"format": 1, "ensemble": NAME, "status": "deprecated", "at": "2026-11-25"}
    status |= {"reason": "it reads \x1b[2Jone file", "replaced_by": "other"}
    texts = {f"status/{NAME}.json": json.dumps(status), "ensembles/other.yaml": "name: other\n"}
    advance(library, tmp_path / "theirs", {**texts})
    done = command("status", NAME, "--fetch", folder=workspace)
    assert "use `other`" in done.stdout
    assert "\x1b" not in done.stdout
    assert "which has 1 more ensemble; `--fetch` looks again" in done.stderr


def test_without_a_library_there_is_nothing_to_fetch(tmp_path: Path):
    done = command("status", "--fetch", folder=tmp_path)
    assert (done.returncode, "names no library" in done.stderr) == (2, True)
