"""What was worked on stays here: no input, output or word of a judge is in what others get."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conductor.adapters import homes
from conductor.app.plans import plan_text
from tests.conftest import command
from tests.promoting import judge
from tests.registry.forge import Forge
from tests.registry.library import BRANCH, carry_out, plan
from tests.repositories import git
from tests.terminal import converse

pytestmark = pytest.mark.registry

WORD = "Quicksilver-4711"
TOLD = {"reasoning": f"It names {WORD}.", "detail": json.dumps({"grounded": WORD})}


@pytest.fixture
def worked(workspace: Path) -> Path:
    """Runs on a text that nobody else may see; the ledger keeps it, and the judge quotes it."""
    settings = workspace / "conductor.toml"
    settings.write_text(settings.read_text().replace("contents = false", "contents = true"))
    judge(workspace, good=2, start=100, text=f"The code is {WORD}.", **TOLD)
    return workspace


def tells(folder: Path) -> list[str]:
    """The files below a folder that have it, in any form that git does not pack."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [str(path) for path in files if WORD.encode() in path.read_bytes()]


def test_the_trap_of_this_test_works(worked: Path):
    assert tells(worked / ".conductor"), "the ledger should have it"


def test_nothing_that_is_sent_has_it(worked: Path, forge: Forge, tmp_path: Path):
    git("config", "http.receivepack", "false", cwd=forge.bare)
    prepared = plan(worked)
    out = prepared.plan.outward
    assert out is not None
    assert prepared.plan.evidence["good"] == 7
    assert WORD not in plan_text(prepared.plan)
    carry_out(worked, prepared)
    sent = worked / ".conductor/contributions"
    assert {path.suffix for path in sent.iterdir()} == {".patch", ".bundle", ".md"}
    assert tells(sent) == []
    clone = tmp_path / "clone"
    git("clone", "--quiet", str(forge.bare), str(clone), cwd=tmp_path)
    (bundle,) = sent.glob("*.bundle")
    git("fetch", "--quiet", str(bundle), BRANCH, cwd=clone)
    git("checkout", "--quiet", "FETCH_HEAD", cwd=clone)
    command("library", "index", folder=clone)
    assert (clone / "index.json").is_file()
    assert tells(clone) == []
    assert WORD not in git("log", "--format=%B", cwd=clone)
    assert tells(Path(homes.state())) == []


def test_nothing_that_is_shown_or_asked_of_a_forge_has_it(
    worked: Path, forge: Forge, without_gh: None
):
    _, shown = converse(
        worked,
        ["promote", "adr-review", "--to", "library"],
        [("Trust it?", "y"), ("proceed:", "no")],
    )
    assert WORD not in shown
    carry_out(worked, plan(worked))
    asked = json.dumps([[one.path, one.body, one.headers] for one in forge.asked])
    assert (len(forge.pulls), WORD in asked) == (1, False)
