"""The hooks for pre-commit, installed and run by pre-commit itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ci.test_action import git
from tests.conftest import ROOT, line_of

pytestmark = pytest.mark.wheel


def run(hook: str, folder: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    git("add", "--all", cwd=folder)
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", ROOT, hook, "--all-files", "--verbose"],
        cwd=folder,
        env={**os.environ, "PRE_COMMIT_HOME": str(cache), "PRE_COMMIT_COLOR": "never"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_hooks_check_and_lay_out_a_workspace(workspace: Path, tmp_path: Path):
    git("init", "--quiet", cwd=workspace)
    cache = tmp_path / "cache"
    passed = run("conductor-check", workspace, cache)
    rules = workspace / "policy/routing.toml"
    text = rules.read_text(encoding="utf-8")

    rules.write_text(text.replace("format = 1", "format   = 1", 1), encoding="utf-8")
    laid_out = run("conductor-fmt", workspace, cache)
    rules.write_text(text.replace("fixed_schema =", "fixed_shema =", 1), encoding="utf-8")
    failed = run("conductor-check", workspace, cache)

    assert passed.returncode == 0, passed.stdout
    assert laid_out.returncode == 1  # as a hook that changes files does
    assert "changed  policy/routing.toml" in laid_out.stdout
    assert failed.returncode == 1
    assert f"policy/routing.toml:{line_of(text, 'fixed_schema =')}:" in failed.stdout
