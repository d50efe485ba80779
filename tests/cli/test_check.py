"""`check`: what CI runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Conductor = Callable[..., Result]


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_default_workspace_passes_also_strictly(workspace: Path, conductor: Conductor):
    before = everything(workspace)
    done = conductor("check", "--strict", "--json", folder=workspace)
    answer = json.loads(done.stdout)
    assert done.return_value == 0
    assert answer["findings"] == []
    mistakes = answer["test"]["coverage"]["mistake"]
    assert mistakes["shown"] == mistakes["possible"]
    assert everything(workspace) == before


def test_a_policy_that_does_not_compile_is_not_tested(workspace: Path, conductor: Conductor):
    edit(workspace / "policy/routing.toml", "fixed_schema =", "fixed_shema =")
    done = conductor("check", folder=workspace)
    assert done.return_value == 1
    assert "error[unknown-fact]" in done.stdout
    assert "cases       not run" in done.stderr


def test_a_failing_case_and_a_stale_file_are_found_together(workspace: Path, conductor: Conductor):
    edit(workspace / "policy/routing.toml", "lt = 8000", "lt = 9000")
    edit(workspace / "registry/index.json", "{", "{ ")
    done = conductor("check", "--json", folder=workspace)
    names = [one["name"] for one in json.loads(done.stdout)["findings"]]
    assert done.return_value == 1
    assert set(names) == {"failing-case", "out-of-date"}


def test_an_ensemble_that_works_only_here_is_found(workspace: Path, conductor: Conductor):
    spec = workspace / "registry/specs/summarize-document.toml"
    edit(spec, 'description = "', 'description = "Reads /home/ada/notes.txt. ')
    conductor("compile", folder=workspace)
    done = conductor("check", "--format", "sarif", "--strict", folder=workspace)
    rules = json.loads(done.stdout)["runs"][0]["tool"]["driver"]["rules"]
    assert done.return_value == 1
    assert [rule["name"] for rule in rules] == ["AbsolutePath"]


def test_a_mistake_that_no_case_notices_fails_only_strictly(workspace: Path, conductor: Conductor):
    (workspace / "policy/cases/generated.yaml").unlink()
    assert conductor("check", folder=workspace).return_value == 0
    assert conductor("check", "--strict", folder=workspace).return_value == 1


def test_a_bundle_of_this_machine_is_nobodys_concern(workspace: Path, conductor: Conductor):
    edit(workspace / "policy/routing.toml", "within reach of", "possible for")
    assert conductor("check", folder=workspace).return_value == 0


def test_where_order_decides_is_said_until_it_is_meant(workspace: Path, conductor: Conductor):
    routing = workspace / "policy/routing.toml"
    edit(routing, '"security-work", ', "")
    done = conductor("check", "--strict", folder=workspace)
    assert done.return_value == 0
    assert "note[order-decides]" in done.stdout
    assert "`extraction-short-fixed` decides local where later rules would not" in done.stdout
    assert 'write `overrides = ["security-work"]`' in done.stdout


def test_what_a_policy_could_do_without_fails_only_strictly(workspace: Path, conductor: Conductor):
    routing = workspace / "policy/routing.toml"
    edit(
        routing,
        'when = { task = "architecture" }',
        'when = { task = "architecture", security = false }',
    )
    rule = '[[rule]]\nid = "chat"\nwhen = { task = "chat_other" }\nroute = "claude"\n\n'
    edit(routing, "[default]", f"{rule}[default]")
    edit(routing, 'overrides = ["multi-step-reasoning"', 'overrides = ["architecture"')
    conductor("compile", folder=workspace)
    done = conductor("check", "--json", folder=workspace)
    answer = json.loads(done.stdout)
    names = [one["name"] for one in answer["findings"] if one["file"] == "policy/routing.toml"]
    assert done.return_value == 0
    assert {"redundant-condition", "neutral-rule", "nothing-to-override"} <= set(names)
    assert 1 < answer["default"]["share_percent"] < 2  # of all combinations: next to nothing
    shares = [one["share_percent"] for one in answer["overlaps"]]
    assert shares == sorted(shares, reverse=True)
    assert {one["overridden"] for one in answer["overlaps"]} == {True, False}
    assert answer["default"]["regions"][0]["facts"]["security"] == "false"
    assert conductor("check", "--strict", folder=workspace).return_value == 1
