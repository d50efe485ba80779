"""`conductor test` on the default policy, and on edits of it."""

from __future__ import annotations

import json
from pathlib import Path

from conductor.app.test import test_policy as check_policy
from conductor.core.suite import KINDS
from tests.conftest import ROOT, command, edit

ROUTING = "policy/routing.toml"


def test_the_default_policy_s_cases_show_everything():
    """It ships with a mutation score of 100 %: no small mistake in it would go unnoticed."""
    found = check_policy(str(ROOT))
    assert found.findings == ()
    assert found.failed == 0
    assert len(found.deciding) == 16
    totals = {kind: found.coverage.total(kind) for kind in KINDS}
    assert all(total.shown == total.possible for total in totals.values())
    assert totals["mistake"].possible > 100
    assert totals["condition"].possible > 50


def test_what_is_missing_is_said_rule_by_rule(workspace: Path, snapshot):
    (workspace / "policy/cases/generated.yaml").unlink()
    done = command("test", folder=workspace)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == snapshot


def test_each_gap_is_a_finding_at_its_rule(workspace: Path):
    cases = workspace / "policy/cases/generated.yaml"
    lines = cases.read_text().splitlines(keepends=True)
    cases.write_text("".join(lines[:-4]))
    document = json.loads(command("test", "--json", folder=workspace).stdout)
    (finding,) = document["findings"]
    routing = (workspace / ROUTING).read_text().splitlines()
    assert finding == {
        "name": "unnoticed-mistake",
        "level": "warning",
        "message": "no case of `python-single-function` would notice this mistake: changed places"
        " with multi-step-reasoning",
        "file": ROUTING,
        "line": routing.index('id = "python-single-function"') + 2,
        "column": 1,
        "hint": "add a case with `facts: {programming_language: python, reasoning_steps: 3,"
        " single_function: true, task: codegen_function}` and `outcome: compose`, or `--generate`",
    }
    assert (
        document["coverage"]["mistake"]["shown"] == document["coverage"]["mistake"]["possible"] - 1
    )
    assert [case["rule"] for case in document["missing"]] == ["python-single-function"]


def test_generating_brings_back_what_is_missing(workspace: Path):
    generated = workspace / "policy/cases/generated.yaml"
    before = generated.read_text()
    generated.unlink()
    done = command("test", "--generate", folder=workspace)
    assert (done.returncode, generated.read_text()) == (0, before)
    assert "mistakes    129 of 129 would be noticed: 100 %" in done.stdout
    again = command("test", "--generate", folder=workspace)
    assert (again.stderr, generated.read_text()) == ("", before)


def test_nothing_is_generated_while_a_case_fails(workspace: Path):
    edit(workspace, ROUTING, "constraints = { gt = 4 }", "constraints = { gt = 5 }")
    before = (workspace / "policy/cases/generated.yaml").read_text()
    done = command("test", "--generate", folder=workspace)
    assert done.returncode == 1
    assert "nothing is generated while a case fails" in done.stderr
    assert (workspace / "policy/cases/generated.yaml").read_text() == before


WRONG = """format: 1
cases:
  - {name: a, outcome: claude, rule: proven-ensemble}
  - {name: b, outcome: local}
  - {name: c, facts: {documents: 2}, outcome: local}
  - {name: d, facts: {security: true, constraints: 5}, outcome: claude, rule: security-work}
  - name: e
    facts: {task: extraction, document_tokens: 9, fixed_schema: true}
    outcome: local
    rule: extraction-short-fixed
"""


def test_a_failure_says_what_diverges_first(workspace: Path, snapshot):
    (workspace / "policy/cases/default.yaml").write_text(WRONG)
    done = command("test", folder=workspace)
    assert done.returncode == 1
    assert done.stderr == snapshot


def test_generated_cases_are_added_behind_those_that_are_there(workspace: Path):
    generated = workspace / "policy/cases/generated.yaml"
    lines = generated.read_text().splitlines(keepends=True)
    kept = "".join(lines[:-4]) + "# a note of mine\n"
    generated.write_text(kept)
    assert command("test", "--generate", folder=workspace).returncode == 0
    assert generated.read_text().startswith(kept)
    assert check_policy(str(workspace)).findings == ()


def test_a_failing_case_says_where_and_which_condition_differs(workspace: Path, snapshot):
    edit(workspace, ROUTING, "constraints = { gt = 4 }", "constraints = { gt = 5 }")
    done = command("test", folder=workspace)
    assert done.returncode == 1
    assert done.stderr == snapshot
    assert json.loads(command("test", "--json", folder=workspace).stdout)["failed"] > 0
