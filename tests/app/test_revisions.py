"""Workspaces of the past, read without checking anything out."""

from __future__ import annotations

from pathlib import Path

import pytest

from conductor.adapters import homes
from conductor.app.build import sources
from conductor.app.revisions import texts_at
from conductor.errors import UsageError
from tests.repositories import commit, git


def test_the_sources_of_a_revision_are_those_that_compile_reads(workspace: Path):
    git("init", "--quiet", cwd=workspace)
    commit(workspace, {"registry/.hidden": "x", "unrelated.txt": "x"}, "first")
    before = sources(str(workspace))
    commit(workspace, {"policy/sampling.toml": "format = 1\n"}, "second")
    then = texts_at(str(workspace), "HEAD~1")
    settings = then.pop("conductor.toml")
    assert settings == (workspace / "conductor.toml").read_text()
    read = {path: text for path, text in then.items() if path in before}
    assert read == {path: text for path, text in before.items() if path in then}
    packaged = {path for path in before if path.startswith("templates/")}
    assert set(before) - set(then) == packaged
    assert "registry/.hidden" not in then
    assert texts_at(str(workspace), "main")["policy/sampling.toml"] == "format = 1\n"


def test_a_workspace_may_be_a_folder_of_its_repository(workspace: Path):
    git("init", "--quiet", cwd=workspace.parent)
    commit(workspace.parent, {"policy/routing.toml": "of another"}, "first")
    assert texts_at(str(workspace), "HEAD")["policy/routing.toml"].startswith("#:schema")


def test_what_the_past_lacks_is_told(workspace: Path):
    with pytest.raises(UsageError, match="in no git repository"):
        texts_at(str(workspace), "HEAD")
    git("init", "--quiet", cwd=workspace)
    git("commit", "--quiet", "--allow-empty", "-m", "empty", cwd=workspace)
    with pytest.raises(UsageError, match=r"there is no conductor\.toml at revision `HEAD`"):
        texts_at(str(workspace), "HEAD")


def test_the_mirror_stands_outside_the_workspace(workspace: Path):
    git("init", "--quiet", cwd=workspace)
    commit(workspace, {}, "first")
    there = set(workspace.rglob("*"))
    texts_at(str(workspace), "HEAD")
    assert set(workspace.rglob("*")) == there
    assert list(Path(homes.state()).glob("git/*.git/config"))


@pytest.mark.parametrize(
    ("given", "leads"), [("/srv/state", "/srv/state"), ("state", ""), (None, "")]
)
def test_only_an_absolute_state_folder_counts(monkeypatch: pytest.MonkeyPatch, given, leads):
    if given is None:
        monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_STATE_HOME", given)
    assert homes.state() == f"{leads or Path.home() / '.local/state'}/conductor"
