"""The GitHub Action: its steps, run as a runner runs them; only GitHub itself is not there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

pytestmark = pytest.mark.wheel
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
INSTALL = "Install conductor"
GH = """#!/bin/sh
echo "$@" >> "$CALLS"
case "$*" in *--paginate*) echo "$EXISTING";; esac
"""


@dataclass
class Runner:
    """Runs the steps of the action in a repository, with what a runner sets in the environment."""

    repository: Path
    temp: Path
    github: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, skip: tuple[str, ...] = (INSTALL,), **inputs: str) -> int:
        """Give the exit code of the first step that fails, or 0."""
        context = {f"inputs.{name}": self._filled(str(one.get("default", "")), {})
                   for name, one in ACTION["inputs"].items()}  # fmt: skip
        context |= {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
        for step in ACTION["runs"]["steps"]:
            if step["name"] not in skip and (code := self._step(step, context)):
                return code
            context |= {f"steps.{step.get('id')}.outputs.{k}": v for k, v in self.outputs().items()}
        return 0

    def _step(self, step: dict[str, Any], context: dict[str, str]) -> int:
        given = {key: self._filled(value, context) for key, value in step.get("env", {}).items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.repository,
            env={**os.environ, **self._files(), **self.environment, **given},
            capture_output=True,
            text=True,
            check=False,
        )
        self.log = getattr(self, "log", "") + done.stdout + done.stderr
        return done.returncode

    def _filled(self, text: str, context: dict[str, str]) -> str:
        known = {**context, **{f"github.{name}": value for name, value in self.github.items()}}
        return re.sub(r"\$\{\{ (.+?) \}\}", lambda found: known.get(found[1], ""), text)

    def _files(self) -> dict[str, str]:
        return {
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(self.temp / "output"),
            "GITHUB_STEP_SUMMARY": str(self.temp / "summary.md"),
            "PATH": f"{self.temp}/bin:{os.environ['PATH']}",
            "CALLS": str(self.temp / "calls"),
        }

    def read(self, name: str) -> str:
        file = self.temp / name
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def outputs(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.read("output").splitlines())


def git(*words: str, cwd: Path) -> str:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    done = subprocess.run(
        ["git", *who, *words], cwd=cwd, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def runner(workspace: Path, tmp_path: Path) -> Runner:
    """A runner on a pull request's checkout: HEAD is its head, `base` what it is made against."""
    git("init", "--quiet", "--initial-branch=main", cwd=workspace)
    git("add", ".", cwd=workspace)
    git("commit", "--quiet", "--message", "base", cwd=workspace)
    temp = tmp_path / "runner"
    (temp / "conductor/bin").mkdir(parents=True)
    (temp / "conductor/bin/conductor").symlink_to(Path(sys.executable).parent / "conductor")
    (temp / "bin").mkdir()
    (temp / "bin/gh").write_text(GH, encoding="utf-8")
    (temp / "bin/gh").chmod(0o755)
    github = {
        "event.pull_request.base.sha": git("rev-parse", "HEAD", cwd=workspace),
        "event.pull_request.number": "7",
        "repository": "ada/policy",
        "token": "secret",
    }
    return Runner(workspace, temp, github)


def commit(runner: Runner, old: str, new: str) -> None:
    rules = runner.repository / "policy/routing.toml"
    text = rules.read_text(encoding="utf-8")
    assert old in text
    rules.write_text(text.replace(old, new, 1), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "conductor", "compile"], cwd=runner.repository, check=False
    )
    git("commit", "--quiet", "--all", "--message", "change", cwd=runner.repository)


def test_a_change_that_moves_no_task_passes_and_says_so(runner: Runner):
    commit(runner, "within reach of", "possible for")
    assert runner.run() == 0, runner.log
    assert runner.outputs() == {"riskier": "false"}
    assert "proven: no task is decided differently" in runner.read("summary.md")
    assert "conductor check: passed" in runner.read("summary.md")
    assert runner.read("calls") == ""


def test_a_riskier_change_is_shown_and_refused_only_when_asked_for(runner: Runner):
    commit(runner, "lt = 8000", "lt = 9000")
    (runner.repository / "policy/cases/generated.yaml").unlink()
    cases = runner.repository / "policy/cases/default.yaml"
    text = cases.read_text(encoding="utf-8")
    cases.write_text(text.replace("document_tokens: 8000", "document_tokens: 9000"), "utf-8")

    assert runner.run() == 0, runner.log
    assert runner.outputs() == {"riskier": "true"}
    assert "towards smaller models" in runner.read("summary.md")
    assert runner.run(refuse_riskier="true") == 1


def test_a_mistake_fails_with_annotations_and_is_in_the_sarif_file(runner: Runner):
    commit(runner, "fixed_schema =", "fixed_shema =")
    assert runner.run(sarif="findings.sarif") == 1
    assert "::error file=policy/routing.toml,line=" in runner.log
    assert "unknown-fact" in (runner.repository / "findings.sarif").read_text(encoding="utf-8")
    assert "cannot be compared" in runner.log


@pytest.mark.parametrize(
    ("existing", "call"),
    [
        ("", "--method POST repos/ada/policy/issues/7/comments"),
        ("42", "--method PATCH repos/ada/policy/issues/comments/42"),
    ],
)
def test_the_pull_request_has_one_comment(runner: Runner, existing: str, call: str):
    runner.environment["EXISTING"] = existing
    assert runner.run(comment="true") == 0, runner.log
    assert call in runner.read("calls")
    assert runner.read("conductor-diff.md.comment").startswith("<!-- conductor diff -->\n")


def test_without_a_base_nothing_is_compared(runner: Runner):
    assert runner.run(base="", comment="true") == 0, runner.log
    assert runner.outputs() == {}
    assert runner.read("calls") == ""


def test_a_base_that_a_shallow_checkout_lacks_is_fetched(runner: Runner, tmp_path: Path):
    commit(runner, "within reach of", "possible for")
    origin, shallow = runner.repository, tmp_path / "shallow"
    git("clone", "--quiet", "--depth=1", origin.as_uri(), str(shallow), cwd=tmp_path)
    git("config", "uploadpack.allowAnySHA1InWant", "true", cwd=origin)
    runner.repository = shallow
    assert runner.run() == 0, runner.log
    assert "proven: no task is decided differently" in runner.read("summary.md")


@pytest.mark.parametrize("step", ACTION["runs"]["steps"], ids=lambda step: step["name"])
def test_nothing_foreign_is_written_into_a_script(step: dict[str, Any]):
    assert "${{" not in step["run"]


@pytest.mark.wheel
def test_the_install_step_gives_a_command_that_works(runner: Runner):
    (runner.temp / "conductor/bin/conductor").unlink()
    assert runner.run(skip=()) == 0, runner.log
    assert "conductor check: passed" in runner.read("summary.md")
