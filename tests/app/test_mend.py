"""`check --fix`: what is mended is proven first, and shown before it is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conductor.app.build import compiled
from conductor.app.mend import mends, write
from conductor.errors import OutsideError
from tests.conftest import command

ROUTING = "policy/routing.toml"
LATE = (
    '\n[[rule]]\nid = "late"\nwhen = { task = "architecture", security = true }\nroute = "claude"\n'
)


@pytest.fixture
def routing(workspace: Path) -> Callable[[str, str], str]:
    """Edit the rules of a workspace without ensembles; gives their text."""
    for spec in (workspace / "registry/specs").iterdir():
        spec.unlink()
    for ensemble in (workspace / "registry/ensembles").iterdir():
        ensemble.unlink()
    path = workspace / ROUTING

    def edit(old: str, new: str) -> str:
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
        return path.read_text()

    return edit


def test_every_misspelt_name_of_a_file_is_mended_at_once(workspace, routing):
    sound = (workspace / ROUTING).read_text()
    routing("fixed_schema =", "fixed_shema =")
    (mend,) = mends(str(workspace))
    assert (mend.file, mend.new) == (ROUTING, sound)
    assert {one.name for one in mend.findings} == {"unknown-fact"}


def test_a_renamed_rule_is_one_finding_with_all_that_names_it(workspace, routing):
    text = routing('id = "broad-knowledge"', 'id = "wide-knowledge"')
    (found,) = compiled(str(workspace)).findings
    assert found.message == "unknown rule `broad-knowledge`"
    assert [one.line for one in (found.at, *(one.at for one in found.related))] == [
        number for number, line in enumerate(text.splitlines(), 1) if '"broad-knowledge"' in line
    ]
    mend, *cases = mends(str(workspace))
    assert mend.new == text.replace('"broad-knowledge"', '"wide-knowledge"')
    assert {one.file for one in cases} == {
        "policy/cases/default.yaml",
        "policy/cases/generated.yaml",
    }


def test_what_a_fix_uncovers_is_mended_too(workspace, routing):
    sound = (workspace / ROUTING).read_text()
    routing("fixed_schema =", "fixed_shema =")  # found when all keys are known
    routing("overrides =", "overides =")
    (mend,) = mends(str(workspace))
    assert mend.new == sound


def test_a_rule_that_can_go_goes_and_no_decision_with_it(workspace, routing):
    sound = (workspace / ROUTING).read_text()
    routing(sound, sound + LATE)
    (mend,) = mends(str(workspace))
    assert mend.new == sound
    write(str(workspace), mend)
    assert mends(str(workspace)) == []


def test_a_rule_that_a_case_names_stays(workspace, routing):
    text = routing("[default]", LATE.replace("late", "architecture-again") + "[default]")
    cases = workspace / "policy/cases/own.yaml"
    facts = "{task: architecture, security: true}"
    cases.write_text(
        "format: 1\ncases:\n  - name: one\n"
        f"    facts: {facts}\n    outcome: claude\n    rule: architecture-again\n"
    )
    assert mends(str(workspace)) == []
    assert (workspace / ROUTING).read_text() == text


def test_without_a_terminal_nothing_is_written(workspace, routing):
    text = routing("fixed_schema =", "fixed_shema =")
    done = command("check", "--fix", folder=workspace)
    assert done.returncode == 2
    assert "policy/routing.toml (unknown-fact)" in done.stderr
    assert "check --json" in done.stderr
    assert (workspace / ROUTING).read_text() == text


def test_a_file_that_changed_meanwhile_is_left_alone(workspace, routing):
    routing("fixed_schema =", "fixed_shema =")
    (mend,) = mends(str(workspace))
    routing("[default]", "# mine\n[default]")
    with pytest.raises(OutsideError, match="changed meanwhile"):
        write(str(workspace), mend)
