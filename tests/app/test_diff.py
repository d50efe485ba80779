"""`conductor diff` on the default policy, on edits of it, and on revisions of its repository."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from conductor.adapters.ledger import open_ledger
from conductor.core.evaluation import Verdict
from tests import samples
from tests.conftest import command, edit, line_of
from tests.repositories import commit, git

ROUTING = "policy/routing.toml"


@pytest.fixture
def changed(workspace: Path, tmp_path: Path) -> Path:
    """A second workspace, to be edited."""
    folder = tmp_path / "changed"
    shutil.copytree(workspace, folder)
    return folder


def test_a_difference_for_people(workspace: Path, changed: Path, snapshot):
    edit(
        changed,
        ROUTING,
        '"extraction", document_tokens = { lt = 8000 }',
        '"extraction", document_tokens = { lt = 9000 }',
    )
    edit(changed, "policy/sampling.toml", "rate = 0.15", "rate = 0.2")
    edit(
        changed,
        "registry/specs/adr-review.toml",
        "in one sentence. Write",
        "in two sentences. Write",
    )
    done = command("diff", str(workspace), str(changed), folder=workspace)
    assert done.returncode == 1
    assert done.stdout == snapshot
    back = command("diff", str(changed), str(workspace), "--format", "markdown", folder=workspace)
    assert back.returncode == 0
    assert back.stdout == snapshot


def test_a_refactoring_is_proven_to_change_nothing(workspace: Path, changed: Path):
    edit(changed, ROUTING, "document_tokens = { lt = 8000 }", "document_tokens = { le = 7999 }")
    edit(
        changed,
        ROUTING,
        'reason = "small models drop the fifth',
        'reason = "small models lose the fifth',
    )
    text = (changed / ROUTING).read_text()
    first, second = (
        part
        for part in text.split("[[rule]]")
        if "classification-enumerable" in part or "summary-single" in part
    )
    swapped = text.replace(first, "@").replace(second, first).replace("@", second)
    (changed / ROUTING).write_text(swapped)
    done = command("diff", str(workspace), str(changed), folder=workspace)
    assert (done.returncode, done.stdout) == (0, "proven: no task is decided differently\n")


def test_the_list_behind_proven_ensembles_would_reach_security_work(workspace: Path, changed: Path):
    """The one place in the order that the tree leaves open: a change of it is shown, not hidden."""
    text = (changed / ROUTING).read_text()
    head, rest = text.split('[[rule]]\nid = "security-work"')
    security, rest = rest.split("\n\n", 1)
    moved = head + rest.replace(
        "[default]", f'[[rule]]\nid = "security-work"{security}\n\n[default]'
    )
    (changed / ROUTING).write_text(moved)
    document = json.loads(
        command("diff", str(workspace), str(changed), "--json", folder=workspace).stdout
    )
    assert document["riskier"] is True
    assert any(
        flip["old_rule"] == "security-work" and flip["new_rule"] == "proven-ensemble"
        for flip in document["flips"]
    )


@pytest.mark.parametrize("old", ["nowhere", "policy"])
def test_what_is_no_workspace_cannot_be_compared(workspace: Path, old):
    done = command("diff", old, folder=workspace)
    assert done.returncode == 2
    assert f"`{old}` is no workspace" in done.stderr


def test_without_a_second_folder_this_workspace_is_meant(workspace: Path, changed: Path):
    done = command("diff", str(changed), folder=workspace)
    assert done.stdout == "proven: no task is decided differently\n"


@pytest.fixture
def repository(workspace: Path) -> Path:
    """The workspace as a repository of two commits: a wider rule, then the policy of today."""
    git("init", "--quiet", cwd=workspace)
    now = (workspace / ROUTING).read_text()
    (workspace / ".gitignore").write_text(".conductor/\n.llm-orc/\n")
    commit(workspace, {ROUTING: now.replace("lt = 8000", "lt = 9000", 1)}, "wider")
    commit(workspace, {ROUTING: now}, "today")
    return workspace


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("HEAD~1",), 0),
        (("HEAD", "HEAD~1"), 1),
        ((".", "main^"), 1),
        (("HEAD~1:", "HEAD"), 0),
    ],
)
def test_revisions_are_compared_with_each_other_and_with_folders(repository, words, code):
    done = command("diff", *words, folder=repository)
    assert done.returncode == code
    assert done.stdout.startswith("7 changes of decisions")


def test_a_folder_of_a_revision(repository: Path):
    git("mv", "policy", "registry", "conductor.toml", "-k", "sub", cwd=_sub(repository))
    git("commit", "--quiet", "-m", "moved", cwd=repository)
    done = command("diff", "HEAD:sub", "HEAD~1:", folder=repository)
    assert (done.returncode, done.stdout) == (0, "proven: no task is decided differently\n")
    gone = command("diff", "HEAD~1:sub", folder=repository)
    assert gone.returncode == 2
    assert "there is no conductor.toml at revision `HEAD~1` in `sub`" in gone.stderr


def _sub(folder: Path) -> Path:
    (folder / "sub").mkdir()
    return folder


def test_a_mistake_in_the_past_is_told_with_its_revision(repository: Path):
    broken = (repository / ROUTING).read_text().replace("fixed_schema", "fixed_shema", 1)
    commit(repository, {ROUTING: broken}, "broken")
    done = command("diff", "HEAD", "HEAD~1", folder=repository)
    assert done.returncode == 2
    assert f"HEAD:{ROUTING}:{line_of(broken, 'fixed_shema')}:" in done.stderr
    assert "unknown fact `fixed_shema`" in done.stderr


def test_the_repository_is_only_read(repository: Path, tmp_path: Path, monkeypatch):
    """Its configuration names commands, its hooks are there, and a foreign index is exported."""
    ran = tmp_path / "ran"
    attack = tmp_path / "attack"
    attack.write_text(f"#!/bin/sh\ntouch '{ran}'\n")
    attack.chmod(0o755)
    hooks = ("post-checkout", "reference-transaction", "pre-commit", "post-index-change")
    for hook in hooks:
        shutil.copy(attack, repository / ".git/hooks" / hook)
    for key in ("core.fsmonitor", "core.sshCommand", "diff.external", "uploadpack.packObjectsHook"):
        git("config", key, str(attack), cwd=repository)
    ran.unlink(missing_ok=True)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    before = _everything(repository)
    assert command("diff", "HEAD~1", folder=repository).returncode == 0
    assert _everything(repository) == before
    assert not ran.exists()


def _everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def decided(folder: Path, tokens: int) -> str:
    """Log a decision about an extraction; gives its id."""
    facts = ("task=extraction", "fixed_schema=true", f"document_tokens={tokens}")
    words = [word for fact in facts for word in ("--fact", fact)]
    document = json.loads(command("route", "--json", "x", *words, folder=folder).stdout)
    return str(document["decision"])


def test_logged_decisions_are_decided_again_and_joined_with_their_judgements(
    workspace: Path, changed: Path, snapshot
):
    edit(changed, ROUTING, "lt = 8000", "lt = 9000")
    ids = [decided(workspace, tokens) for tokens in (8100, 8200, 8300, 500, 9500)]
    ledger = open_ledger(f"sqlite:///{workspace}/.conductor/ledger.db")
    # The first task was run twice: what was judged last counts.
    for number, verdict in enumerate([Verdict.GOOD, Verdict.GOOD, Verdict.POOR]):
        run = samples.run(f"run-{number}", decision=ids[number % 2])
        ledger.add_run(run, input_text=None, output_text=None)
        ledger.add_evaluation(samples.evaluation(f"e-{number}", run, verdict=verdict))
    ledger.close()
    log = workspace / ".conductor/decisions.jsonl"
    old = '{"id": "old", "facts": {"task": {"value": "juggling"}}, "outcome": "claude"}'
    log.write_text(f'{log.read_text()}{old}\n{{"id": "cut sho')
    words = ("diff", str(workspace), str(changed))
    assert command(*words, folder=workspace).stdout.partition("logged decisions:")[2] == snapshot
    document = json.loads(command(*words, "--json", folder=workspace).stdout)
    assert document["replay"] == {
        "decided": 5,
        "incompatible": 1,
        "moved": {"tasks": 3, "poor": 1, "acceptable": 0, "good": 1},
        "riskier": {"tasks": 3, "poor": 1, "acceptable": 0, "good": 1},
    }
    logged = [flip["logged"]["tasks"] for flip in document["flips"]]
    assert sorted(logged) == [0, 0, 0, 0, 0, 0, 3]


def test_decisions_that_the_ledger_took_in_count_once(workspace: Path, changed: Path):
    edit(changed, ROUTING, "lt = 8000", "lt = 9000")
    decided(workspace, 8100)
    assert command("report", folder=workspace).returncode == 0
    (workspace / ".conductor/decisions.jsonl").rename(workspace / "moved.jsonl")
    decided(workspace, 8200)
    done = command("diff", str(workspace), str(changed), folder=workspace)
    assert "2 of 2 would be decided differently" in done.stdout
    assert "2 would now go to smaller models, none of them judged so far" in done.stdout


def test_other_words_for_the_same_facts_are_told_apart_from_decisions(workspace, changed):
    edit(changed, "policy/facts.toml", '"json schema"', '"xml schema"')
    done = command("diff", str(workspace), str(changed), folder=workspace)
    assert done.returncode == 0
    assert done.stdout.startswith("proven: the same facts are decided as before\n")
    assert "signals.schema-words.phrases: lost json schema; gained xml schema" in done.stdout


def test_what_changes_beside_decisions_is_said_by_meaning(workspace: Path, changed: Path, snapshot):
    edit(changed, "policy/promotion.toml", "good = 3", "good = 2")
    edit(changed, "policy/models.toml", "max_billion = 1.0", "max_billion = 2.0")
    edit(changed, "policy/rubrics/output.yaml", "truncated:", "cut-short:")
    edit(changed, ROUTING, "repetitions = 3", "repetitions = 5")
    edit(changed, ROUTING, '"download", "concatenate"', '"download"')
    edit(changed, ROUTING, 'reason = "security', 'on_failure = "ask"\nreason = "security')
    done = command("diff", str(workspace), str(changed), folder=workspace)
    assert (done.returncode, done.stdout) == (0, snapshot)


def test_layout_is_no_change(workspace: Path, changed: Path):
    for path in [*changed.glob("policy/*.toml"), *changed.glob("registry/specs/*.toml")]:
        path.write_text(path.read_text() + "\n# a comment\n")
    done = command("diff", str(workspace), str(changed), folder=workspace)
    assert done.stdout == "proven: no task is decided differently\n"
