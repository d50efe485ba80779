"""A proposal of `learn` as a branch for review: from our own mirror, after a typed yes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from conductor.app import amend
from conductor.app.learn import learn, with_comparison
from conductor.app.project import Project
from conductor.core.amendment import Amendment
from conductor.core.entries import Consent
from conductor.core.proposal import Proposal
from conductor.errors import UsageError
from tests.registry.forge import Forge
from tests.registry.library import advance, heads, knows
from tests.repositories import git, repository
from tests.terminal import converse

pytestmark = pytest.mark.registry

FILE = "policy/routing.toml"
TYPED = "Type the first 8 characters of the plan's digest to proceed:"


@pytest.fixture
def reviewed(history: Path, tmp_path: Path) -> Path:
    """A workspace in a folder of a repository, whose policy is as in its remote."""
    folder = tmp_path / "repository" / "conductor"
    shutil.copytree(history, folder)
    knows(folder, str(tmp_path / "remote.git"), "policy")
    texts = {f"conductor/{FILE}": (folder / FILE).read_text()}
    repository(tmp_path / "repository", {".gitignore": "*\n", **texts})
    git("add", "--force", f"conductor/{FILE}", cwd=tmp_path / "repository")
    git("commit", "--quiet", "-m", "policy", cwd=tmp_path / "repository")
    git("clone", "--quiet", "--bare", "repository", "remote.git", cwd=tmp_path)
    return folder


def proposed(project: Project) -> Proposal:
    return with_comparison(project, learn(project).proposals[0])


def pushed(folder: Path) -> tuple[Amendment, str]:
    with Project(str(folder)) as project:
        plan = amend.prepare(project, proposed(project))
        return plan, amend.carry_out(project, plan, consent=plan.short).place


def test_a_no_pushes_nothing(reviewed: Path, tmp_path: Path):
    with Project(str(reviewed)) as project:
        name = proposed(project).id
    code, shown = converse(reviewed, ["learn", "apply", name, "--push"], [(TYPED, "no")])
    assert (code, "nothing was pushed" in shown) == (1, True)
    assert "will not: merge, touch another file or branch, run a script" in shown
    assert heads(tmp_path / "remote.git").keys() == {"main"}


def test_a_yes_pushes_one_commit_with_the_number_and_leaves_the_workspace_alone(
    reviewed: Path, tmp_path: Path
):
    bare, before = tmp_path / "remote.git", (reviewed / FILE).read_text()
    plan, _ = pushed(reviewed)
    branch = f"learn/{plan.proposal.id}"
    assert heads(bare)[branch] == plan.outward.commit
    assert git("diff", "--name-only", f"main...{branch}", cwd=bare) == f"conductor/{FILE}\n"
    told = git("show", f"{branch}:conductor/{FILE}", cwd=bare)
    assert told == before.replace("lt = 8000 }, documents = 1", "lt = 6000 }, documents = 1")
    assert f"Conductor-Proposal: {plan.proposal.id}" in git("log", "-1", branch, cwd=bare)
    assert (reviewed / FILE).read_text() == before
    with Project(str(reviewed)) as project:
        (consent,) = project.ledger.entries(Consent)
    assert (consent.subject, consent.digest) == ("proposal", plan.digest)


def test_what_was_pushed_is_planned_again_as_it_was(reviewed: Path, tmp_path: Path):
    plan, _ = pushed(reviewed)
    words = ["learn", "apply", plan.proposal.id, "--push"]
    code, shown = converse(reviewed, words, [(TYPED, plan.short)])
    assert code == 0, shown
    assert f"proposed {plan.proposal.id}: {plan.outward.branch} at {plan.outward.remote}" in shown
    assert heads(tmp_path / "remote.git")[plan.outward.branch] == plan.outward.commit


def test_another_file_there_is_not_overwritten(reviewed: Path, tmp_path: Path):
    bare = tmp_path / "remote.git"
    texts: dict[str, str | bytes] = {f"conductor/{FILE}": "# somebody else\n"}
    advance(bare, tmp_path / "theirs", texts)
    with pytest.raises(UsageError, match=f"has another version of `conductor/{FILE}`"):
        pushed(reviewed)
    assert heads(bare).keys() == {"main"}


def test_commits_of_others_on_the_branch_stay(reviewed: Path, tmp_path: Path):
    plan, _ = pushed(reviewed)
    bare, branch = tmp_path / "remote.git", plan.outward.branch
    theirs = advance(bare, tmp_path / "theirs", {"README.md": "mended"}, branch)
    with pytest.raises(UsageError, match=f"holds commit {theirs[:12]}, which conductor did not"):
        pushed(reviewed)


def test_without_a_remote_it_says_where_to_write_one(reviewed: Path):
    knows(reviewed, "", "policy")
    with pytest.raises(UsageError, match="names no repository that its policy is reviewed in"):
        pushed(reviewed)


def test_inside_claude_code_nobody_is_asked(reviewed: Path, monkeypatch: pytest.MonkeyPatch):
    with Project(str(reviewed)) as project:
        name = proposed(project).id
    monkeypatch.setitem(os.environ, "CLAUDE_CODE_CHILD_SESSION", "1")
    code, shown = converse(reviewed, ["learn", "apply", name, "--push"], [])
    assert (code, "a person's yes, and Claude Code runs this command" in shown) == (2, True)


def test_a_pull_request_says_what_the_number_means(
    reviewed: Path, forge: Forge, without_gh: None, tmp_path: Path
):
    knows(reviewed, forge.remote, "policy", forge="github")
    texts: dict[str, str | bytes] = {f"conductor/{FILE}": (reviewed / FILE).read_text()}
    advance(forge.bare, tmp_path / "theirs", texts)
    plan, place = pushed(reviewed)
    (pull,) = forge.pulls
    assert place.endswith(f"/pull/{pull['number']}")
    assert pull["title"] == plan.outward.title
    assert "document_tokens lt 8,000 -> 6,000" in pull["title"]
    assert "### Policy change:" in pull["body"]
    assert "- risk: fewer tokens are saved" in pull["body"]
