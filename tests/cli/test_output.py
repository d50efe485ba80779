"""`--format`, as code scanning and a workflow see it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Conductor = Callable[..., Result]


@pytest.fixture
def broken(workspace: Path) -> Path:
    """A workspace below a repository's root, with one misspelt fact."""
    (workspace.parent / ".git").mkdir()
    rules = workspace / "policy/routing.toml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("fixed_schema =", "fixed_shema =", 1), encoding="utf-8")
    return workspace


def test_paths_for_a_forge_begin_at_the_repositorys_root(broken: Path, conductor: Conductor):
    commands = conductor("compile", "--format", "github", folder=broken)
    log = json.loads(conductor("compile", "--format", "sarif", folder=broken).stdout)

    assert commands.return_value == 1
    assert "file=workspace/policy/routing.toml,line=" in commands.stdout
    (result,) = log["runs"][0]["results"]
    where = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert where == "workspace/policy/routing.toml"


def test_a_workflow_gets_a_summary_after_what_is_there(
    broken: Path, conductor: Conductor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    page = tmp_path / "summary.md"
    page.write_text("### before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))

    conductor("compile", "--format", "github", folder=broken)

    assert page.read_text(encoding="utf-8").startswith("### before\n### conductor compile\n")
    assert "unknown fact `fixed_shema`" in page.read_text(encoding="utf-8")


def test_json_is_a_format_and_an_option(workspace: Path, conductor: Conductor):
    one = conductor("compile", "--json", folder=workspace)
    other = conductor("compile", "--format", "json", folder=workspace)
    assert json.loads(one.stdout) == json.loads(other.stdout)


def test_what_compile_would_change_is_annotated(workspace: Path, conductor: Conductor):
    (workspace / "registry/index.json").write_text("{}", encoding="utf-8")
    done = conductor("compile", "--check", "--format", "github", folder=workspace)
    assert done.return_value == 1
    assert "file=registry/index.json" in done.stdout


def test_a_failing_case_is_annotated_at_the_case(workspace: Path, conductor: Conductor):
    cases = workspace / "policy/cases/default.yaml"
    text = cases.read_text(encoding="utf-8")
    cases.write_text(text.replace("outcome: compose", "outcome: local", 1), encoding="utf-8")
    done = conductor("test", "--format", "github", folder=workspace)
    assert done.return_value == 1
    assert "::error file=policy/cases/default.yaml,line=5" in done.stdout
