"""`promote --to library` as a person meets it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.conftest import command
from tests.promoting import NAME
from tests.registry.library import BRANCH, heads, knows, plan
from tests.terminal import converse_apart

pytestmark = pytest.mark.registry

PROMOTE = ["promote", NAME, "--to", "library"]
TRUST = ("Trust it? [y/N]:", "y")
QUESTION = "Type the first 8 characters of the plan's digest to proceed"


def digest_on(screen: str) -> str:
    found = re.search(r"plan ([0-9a-f]{8})\n", screen)
    assert found
    return found[1]


def plain(shown: str, library: Path) -> str:
    """Take out what differs from one machine and moment to the next."""
    shown = shown.replace(str(library), "/srv/git/library.git")
    shown = re.sub(r"\d+\.\d KiB  [0-9a-f]{12}", "1.2 KiB  0123456789ab", shown)
    shown = re.sub(r"\b[0-9a-f]{16}\.json", "0123456789abcdef.json", shown)
    shown = re.sub(r"\b[0-9a-f]{12}\b", "0123456789ab", shown)
    return re.sub(r"plan [0-9a-f]{8}", "plan 01234567", shown)


def test_the_plan_is_shown_and_a_wrong_digest_is_a_no(workspace: Path, library: Path, snapshot):
    code, shown = converse_apart(workspace, PROMOTE, [TRUST, (QUESTION, "00000000")])
    assert code == 1
    assert heads(library).keys() == {"main"}
    assert plain(shown, library) == snapshot


def test_what_was_typed_is_the_plan_that_is_carried_out(workspace: Path, library: Path):
    written = workspace / "plan.json"
    assert command(*PROMOTE, "--plan-out", str(written), folder=workspace).returncode == 0
    digest = json.loads(written.read_text())["digest"].removeprefix("sha256:")
    assert heads(library).keys() == {"main"}
    code, shown = converse_apart(
        workspace, [*PROMOTE, "--apply", str(written)], [TRUST, (QUESTION, digest[:8])]
    )
    assert code == 0
    assert digest_on(shown) == digest[:8]
    assert f"{BRANCH} at {library}" in shown
    assert BRANCH in heads(library)


def test_without_a_terminal_nothing_leaves_this_machine(workspace: Path, library: Path):
    done = command(*PROMOTE, folder=workspace, stdin=f"{plan(workspace).plan.short}\n")
    assert done.returncode == 2
    assert "needs a person's yes" in done.stderr
    assert heads(library).keys() == {"main"}


def test_a_library_that_cannot_be_reached_is_told(workspace: Path, tmp_path: Path):
    knows(workspace, str(tmp_path / "nowhere.git"))
    done = command(*PROMOTE, folder=workspace)
    assert done.returncode == 3
    assert "cannot be asked" in done.stderr
    assert "Traceback" not in done.stderr
