"""Out of the library, or deprecated in it: a commit and a pull request, as a promotion is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from conductor.app import demote
from conductor.app.prepared import CarriedOut
from conductor.core.demotion import Act, Demotion, Wish
from conductor.core.entries import Promotion
from conductor.core.tier import Tier
from conductor.errors import UsageError
from tests.conftest import command
from tests.promoting import NAME, opened
from tests.registry.forge import Forge
from tests.registry.library import BRANCH, advance, changed, contribute, heads
from tests.repositories import git
from tests.signing import new_key, sign, trust
from tests.terminal import converse

pytestmark = pytest.mark.registry

STATUS = f"status/{NAME}.json"
ENSEMBLE = f"ensembles/{NAME}.yaml"
OTHER = "name: other\nagents:\n  - name: a\n    model_profile: conductor-small\n"
REMOVE = Wish(ensemble=NAME, tier=Tier.LIBRARY, reason="nobody uses it")
DEPRECATE = Wish(
    ensemble=NAME,
    tier=Tier.LIBRARY,
    act=Act.DEPRECATE,
    reason="it reads one file; see @maria",
    replaced_by="other",
)
REMOVAL, DEPRECATION = f"{BRANCH}-removal", f"{BRANCH}-deprecation"


def merged(workspace: Path, bare: Path, folder: Path) -> None:
    """Bring the ensemble into the library, beside another one that shares a profile."""
    contribute(workspace)
    git("update-ref", "refs/heads/main", BRANCH, cwd=bare)
    git("update-ref", "-d", f"refs/heads/{BRANCH}", cwd=bare)
    advance(bare, folder / "theirs", {"ensembles/other.yaml": OTHER})


@pytest.fixture
def there(workspace: Path, library: Path, tmp_path: Path) -> Path:
    merged(workspace, library, tmp_path)
    return library


def plan(workspace: Path, wish: Wish) -> Demotion:
    with opened(workspace) as project:
        return demote.prepare(project, wish)


def carry_out(workspace: Path, made: Demotion) -> CarriedOut:
    with opened(workspace) as project:
        return demote.apply(project, made, consent=made.short)


def verified(bare: Path, branch: str, folder: Path) -> list[str]:
    """What a maintainer is told about a branch."""
    git("clone", "--quiet", "--branch", branch, str(bare), str(folder), cwd=bare)
    words = ("library", "verify", "--json", "HEAD", "--base", "origin/main")
    return [one["name"] for one in json.loads(command(*words, folder=folder).stdout)["findings"]]


def test_a_removal_takes_out_what_nobody_else_needs(workspace: Path, there: Path, tmp_path: Path):
    before = set(git("ls-tree", "-r", "--name-only", "main", cwd=there).split())
    made = plan(workspace, REMOVE)
    assert heads(there).keys() == {"main"}
    assert made.kept == {"profiles/conductor-small.yaml": ("other",)}
    assert next(iter(made.removed)) == ENSEMBLE
    carry_out(workspace, made)
    left = set(git("ls-tree", "-r", "--name-only", REMOVAL, cwd=there).split())
    assert before - left == set(made.removed)
    assert left == {"README.md", "ensembles/other.yaml", "profiles/conductor-small.yaml"}
    told = git("log", "-1", "--format=%s%n%(trailers:only)", REMOVAL, cwd=there)
    assert told.split("\n")[:2] == [f"library: remove {NAME}", "Conductor-Demotion: remove"]
    assert verified(there, REMOVAL, tmp_path / "clone") == []


def test_a_deprecation_changes_no_judged_byte_and_is_in_the_index(
    workspace: Path, there: Path, tmp_path: Path
):
    carry_out(workspace, plan(workspace, DEPRECATE))
    assert changed(there, DEPRECATION) == [STATUS]
    clone = tmp_path / "clone"
    assert verified(there, DEPRECATION, clone) == []
    command("library", "index", folder=clone)
    entries = {
        one["name"]: one for one in json.loads((clone / "index.json").read_text())["ensembles"]
    }
    assert entries[NAME]["deprecated"]["replaced_by"] == "other"
    assert entries["other"]["deprecated"] is None
    git("update-ref", "refs/heads/main", DEPRECATION, cwd=there)
    renew = replace(DEPRECATE, act=Act.RENEW, reason="", replaced_by="")
    made = plan(workspace, renew)
    assert list(made.removed) == [STATUS]
    carry_out(workspace, made)
    assert changed(there, f"{BRANCH}-renewal") == [STATUS]


def test_what_another_ensemble_runs_does_not_leave(workspace: Path, there: Path, tmp_path: Path):
    boss = f"name: boss\nagents:\n  - name: ask\n    ensemble: {NAME}\n"
    advance(there, tmp_path / "theirs", {"ensembles/boss.yaml": boss})
    made = plan(workspace, REMOVE)
    assert (made.possible, made.needed_by, made.outward) == (False, ("boss",), None)
    assert plan(workspace, DEPRECATE).needed_by == ("boss",)  # told, and no obstacle


def test_one_pull_request_says_why(workspace: Path, forge: Forge, without_gh: None, tmp_path: Path):
    merged(workspace, forge.bare, tmp_path)
    forge.pulls[0] |= {"state": "closed", "merged_at": "2026-11-25T00:00:00Z"}
    made = plan(workspace, DEPRECATE)
    first = carry_out(workspace, made)
    assert carry_out(workspace, made) == first
    (_, pull) = forge.pulls
    assert pull["title"] == f"library: deprecate {NAME}"
    assert "- why: `it reads one file; see @maria`" in pull["body"]
    assert "- instead: `other`" in pull["body"]


def test_what_was_typed_is_the_plan_that_is_carried_out(workspace: Path, there: Path):
    words = ["demote", NAME, "--from", "library"]
    typed = "Type the first 8 characters of the plan's digest to proceed:"
    code, shown = converse(workspace, words, [("Why?", "nobody uses it"), (typed, "12345678")])
    assert (code, set(heads(there))) == (1, {"main"})
    assert "will not: merge, touch another file or branch, run a script" in shown
    assert "nothing was changed" in shown


def test_a_signed_plan_is_carried_out_by_a_machine(workspace: Path, there: Path, tmp_path: Path):
    file, key = tmp_path / "plan.json", new_key(tmp_path / "key")
    trust(key)
    words = ["demote", NAME, "--from", "library"]
    assert (
        command(*words, "--reason", "old", "--plan-out", str(file), folder=workspace).returncode
        == 0
    )
    signed = [*words, "--apply", str(file), "--signature", str(sign(key, file))]
    done = command(*signed, folder=workspace)
    assert done.returncode == 0, done.stderr
    assert heads(there).keys() == {"main", REMOVAL}
    assert "carried out already" in command(*signed, folder=workspace).stderr


class Killed(BaseException):
    pass


def test_after_a_crash_the_same_wish_finishes_the_same_plan(
    workspace: Path, there: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    first = plan(workspace, REMOVE)

    def stop(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("conductor.app.demote.note_demotion", stop)
        with pytest.raises(Killed):
            carry_out(workspace, first)
    advance(there, tmp_path / "theirs", {"README.md": "moved"})  # too late to matter
    again = plan(workspace, REMOVE)
    assert again.digest == first.digest
    carry_out(workspace, again)
    assert first.outward is not None
    assert heads(there)[REMOVAL] == first.outward.commit
    with opened(workspace) as project:
        last = project.ledger.entries(Promotion, ensemble=NAME)[-1]
    assert (last.act, json.loads(last.detail)["act"]) == ("proposed", "demoted")


def test_what_stands_in_the_way_is_told(workspace: Path, there: Path, tmp_path: Path):
    made = plan(workspace, REMOVE)
    advance(there, tmp_path / "theirs", {"README.md": "moved"})
    with pytest.raises(UsageError, match=r"`main` moved from .* after the plan was made"):
        carry_out(workspace, made)
    carry_out(workspace, plan(workspace, REMOVE))
    theirs = advance(there, tmp_path / "theirs", {"README.md": "mended"}, REMOVAL)
    with pytest.raises(UsageError, match=f"holds commit {theirs[:12]}, which conductor did not"):
        plan(workspace, REMOVE)
    with pytest.raises(UsageError, match="there is no ensemble `othr` in tier library"):
        plan(workspace, replace(DEPRECATE, replaced_by="othr"))
    with pytest.raises(UsageError, match="is not deprecated in tier library"):
        plan(workspace, replace(DEPRECATE, act=Act.RENEW, replaced_by=""))


def test_a_removal_that_breaks_another_and_a_damaged_status_are_told(there: Path, tmp_path: Path):
    git("clone", "--quiet", str(there), "mine", cwd=tmp_path)
    mine = tmp_path / "mine"
    git("checkout", "--quiet", "-B", "break", "origin/main", cwd=mine)
    git("rm", "--quiet", "profiles/conductor-small.yaml", cwd=mine)
    (mine / "status").mkdir()
    (mine / STATUS).write_text("{}")
    git("add", "status", cwd=mine)
    git("commit", "--quiet", "-m", "break", cwd=mine)
    words = ("library", "verify", "--json", "HEAD", "--base", "origin/main")
    found = json.loads(command(*words, folder=mine).stdout)["findings"]
    names = {one["name"] for one in found}
    assert {"incomplete-closure", "unfit-status"} <= names
