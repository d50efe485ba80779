"""`library verify` and `library index`: a maintainer with a clone of the library."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from conductor.core.statement import path_of
from tests.conftest import ROOT, command
from tests.promoting import NAME
from tests.registry.library import BRANCH, contribute
from tests.repositories import commit, git
from tests.signing import new_key

pytestmark = pytest.mark.registry

VERIFY = ("library", "verify", "--json", "HEAD", "--base", "origin/main")


@pytest.fixture
def clone(workspace: Path, library: Path, tmp_path: Path) -> Path:
    """A maintainer's clone, at a contribution."""
    contribute(workspace)
    folder = tmp_path / "clone"
    git("clone", "--quiet", "--branch", BRANCH, str(library), str(folder), cwd=tmp_path)
    return folder


def verify(clone: Path) -> tuple[int, dict[str, list[str]]]:
    done = command(*VERIFY, folder=clone)
    answer = json.loads(done.stdout)
    found: dict[str, list[str]] = {}
    for one in answer["findings"]:
        found.setdefault(one["name"], []).append(one["file"])
    return done.returncode, found


def test_a_contribution_is_what_it_claims(clone: Path):
    assert verify(clone) == (0, {})
    done = command("library", "verify", "--base", "origin/main", folder=clone)
    assert done.returncode == 0
    assert "1 ensemble of" in done.stderr
    assert "nothing differs from what is claimed" in done.stderr


def test_the_library_as_a_whole_can_be_verified(clone: Path):
    assert command("library", "verify", folder=clone).returncode == 0
    commit(clone, {"ensembles/other.yaml": "name: other\nagents: []\n"}, "without evidence")
    done = command("library", "verify", folder=clone)
    assert done.returncode == 1
    assert "`other` has no evidence for its present content" in done.stdout


def edit(path: str, old: str, new: str) -> Callable[[Path], None]:
    def change(clone: Path) -> None:
        text = (clone / path).read_text()
        assert old in text
        (clone / path).write_text(text.replace(old, new))

    return change


def evidence(clone: Path) -> Path:
    (found,) = (clone / "evidence" / NAME).iterdir()
    return found


def polished(clone: Path) -> None:
    path = evidence(clone)
    path.write_text(path.read_text().replace('"poor": 0', '"poor": 3'))


def telling(clone: Path) -> None:
    path = evidence(clone)
    document = json.loads(path.read_text())
    document["predicate"]["input"] = "Dear Ana, /home/ana/contract.txt"
    path.write_text(json.dumps(document))


def linked(clone: Path) -> None:
    (clone / "scripts/join.py").unlink()
    (clone / "scripts/join.py").symlink_to("/etc/passwd")


def writes(path: str) -> Callable[[Path], None]:
    def change(clone: Path) -> None:
        (clone / path).parent.mkdir(exist_ok=True, parents=True)
        (clone / path).write_text("x\n")

    return change


TAMPERED = {
    "a prompt": (
        edit(f"ensembles/{NAME}.yaml", "in one sentence", "in two sentences"),
        {"no-evidence"},
    ),
    "a comment": (edit("scripts/join.py", "import", "# mine\nimport"), {"no-evidence"}),
    "only bytes": (
        edit("profiles/conductor-small.yaml", "name:", "# a comment\nname:"),
        {"other-bytes"},
    ),
    "a leak": (
        edit(f"ensembles/{NAME}.yaml", "in one sentence", "as /home/ada/acme/style.md asks"),
        {"no-evidence", "absolute-path"},
    ),
    "polished counts": (polished, {"impossible-evidence", "other-evidence"}),
    "evidence that tells": (telling, {"evidence-leak", "other-evidence"}),
    "a link": (linked, {"no-plain-file"}),
    "another file": (writes("policy/promotion.toml"), {"beside-the-contribution"}),
    "the index": (writes("index.json"), {"beside-the-contribution"}),
    "a missing script": (
        lambda clone: (clone / "scripts/join.py").unlink(),
        {"no-evidence", "closure-incomplete"},
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_changed_afterwards_is_told(clone: Path, what: str):
    change, told = TAMPERED[what]
    message = git("log", "-1", "--format=%B", cwd=clone)
    change(clone)
    git("add", "--all", cwd=clone)
    git("commit", "--quiet", "--amend", "-m", message, cwd=clone)
    code, found = verify(clone)
    assert code == 1
    assert told <= found.keys(), found


def test_a_script_of_a_contribution_is_never_run(clone: Path, tmp_path: Path):
    trap = tmp_path / "trapped"
    (clone / "scripts/join.py").write_text(f"open({str(trap)!r}, 'w')\n")
    for hook in ("post-checkout", "reference-transaction", "post-index-change"):
        (clone / ".git/hooks" / hook).write_text(f"#!/bin/sh\ntouch {trap}\n")
    git("commit", "--quiet", "-a", "-m", "hostile", cwd=clone)
    for path in (clone / ".git/hooks").iterdir():
        path.chmod(0o755)
    git("config", "core.fsmonitor", f"touch {trap}; false", cwd=clone)
    assert verify(clone)[0] == 1
    assert not trap.exists()


def test_a_change_without_ensembles_is_nobodys_contribution(clone: Path):
    git("checkout", "--quiet", "-b", "words", "origin/main", cwd=clone)
    commit(clone, {"README.md": "Other words."}, "words")
    assert verify(clone) == (0, {})


@pytest.mark.parametrize("form", ["sarif", "github"])
def test_a_forge_reads_what_differs(clone: Path, form: str):
    commit(clone, {"profiles/conductor-small.yaml": "name: conductor-small\n"}, "changed")
    done = command("library", "verify", "--format", form, "--base", "origin/main", folder=clone)
    assert done.returncode == 1
    if form == "sarif":
        results = json.loads(done.stdout)["runs"][0]["results"]
        assert {one["ruleId"] for one in results} >= {"no-evidence"}
    else:
        assert "::error file=ensembles/adr-review.yaml" in done.stdout


def test_the_workflow_runs_as_it_is_documented(clone: Path, monkeypatch: pytest.MonkeyPatch):
    workflow = yaml.safe_load((ROOT / "docs/library-workflow.yml").read_text())
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    git("config", "receive.denyCurrentBranch", "ignore", cwd=clone)
    for job in ("verify", "index"):
        script = workflow["jobs"][job]["steps"][-1]["run"]
        subprocess.run(["bash", "-e", "-c", script], cwd=clone, check=True, capture_output=True)
    pushed = git("show", "--format=", "--name-only", f"origin/{BRANCH}", cwd=clone)
    assert pushed.split() == ["index.json"]


def test_terms_of_ones_own_hold_where_they_are_named(clone: Path, workspace: Path):
    gate = workspace / "policy/promotion.toml"
    gate.write_text(gate.read_text().replace("good = 5", "good = 50"))
    done = command("library", "verify", "--policy", str(workspace), "--json", folder=clone)
    found = {one["name"] for one in json.loads(done.stdout)["findings"]}
    assert (done.returncode, found) == (1, {"too-little-evidence", "other-policy"})


def test_a_contribution_cannot_bring_its_own_terms(clone: Path, workspace: Path):
    evidence(clone).unlink()
    texts: dict[str, str | bytes] = {
        "conductor.toml": "format = 1\n",
        "policy/promotion.toml": "format = 1\n[global]\ngood = 0\n[library]\ngood = 0\n",
    }
    commit(clone, texts, "mild terms")
    code, found = verify(clone)
    assert code == 1
    assert "no-evidence" in found
    assert set(found["beside-the-contribution"]) == set(texts)


def test_who_signed_it_is_told_by_the_list_that_was_there_before(clone: Path, tmp_path: Path):
    ours, theirs = new_key(tmp_path / "ours"), new_key(tmp_path / "theirs")

    def signed(key: Path, *words: str) -> str:
        sign = ("-c", "gpg.format=ssh", "-c", f"user.signingkey={key}")
        git(*sign, "commit", "--quiet", "--amend", "-S", "-m", "signed", *words, cwd=clone)
        return str(json.loads(command(*VERIFY, folder=clone).stdout)["signature"])

    def listing(key: Path) -> str:
        return f"maria {key.with_suffix('.pub').read_text()}"

    assert json.loads(command(*VERIFY, folder=clone).stdout)["signature"] == "not signed"
    git("checkout", "--quiet", "--detach", "origin/main", cwd=clone)
    commit(clone, {"allowed_signers": listing(ours)}, "who may sign")
    git("push", "--quiet", "origin", "HEAD:main", cwd=clone)
    git("checkout", "--quiet", BRANCH, cwd=clone)
    git("rebase", "--quiet", "origin/main", cwd=clone)
    assert signed(ours) == "signed by maria"
    assert signed(theirs) == "signed by nobody that the library lists"
    (clone / "allowed_signers").write_text(listing(theirs))  # it brings its own list
    assert signed(theirs, "--all") == "signed by nobody that the library lists"


def test_outside_a_repository_it_says_so(tmp_path: Path):
    done = command("library", "verify", folder=tmp_path)
    assert done.returncode == 2
    assert "in no git repository" in done.stderr


def test_the_index_is_written_checked_and_stable(clone: Path):
    assert command("library", "index", "--check", folder=clone).returncode == 1
    assert not (clone / "index.json").exists()
    assert command("library", "index", folder=clone).returncode == 0
    written = (clone / "index.json").read_bytes()
    assert command("library", "index", "--check", folder=clone).returncode == 0
    (entry,) = json.loads(written)["ensembles"]
    assert entry["name"] == NAME
    assert entry["evidence"]["good"] == 5
    assert entry["evidence"]["file"] == path_of(NAME, entry["text_digest"])
    (clone / "index.json").write_text("{}")
    assert command("library", "index", "--check", folder=clone).returncode == 1
    command("library", "index", folder=clone)
    assert (clone / "index.json").read_bytes() == written


def test_an_index_follows_no_link(clone: Path, tmp_path: Path):
    (tmp_path / "private.yaml").write_text("name: private\nagents: []\n")
    (clone / "ensembles/private.yaml").symlink_to(tmp_path / "private.yaml")
    done = command("library", "index", folder=clone)
    assert done.returncode == 2
    assert "is a link" in done.stderr
    assert not (clone / "index.json").exists()
