"""The policy behind one entry, for a client of the engine that knows nothing of conductor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import command

pytestmark = pytest.mark.engine

LOCAL = "Summarize this text: The export moves to PostgreSQL in March. Ada leads the work."
HARD = "Find the root cause of a race that needs three services to interact."


def invoke(workspace: Path, task: str) -> dict[str, dict[str, object]]:
    """Call the engine by its own command line; gives what each agent did."""
    folder = Path(sys.executable).parent
    done = subprocess.run(
        [folder / "llm-orc", "invoke", "ask-policy", "--no-streaming", "--output-format", "json",
         task],
        cwd=workspace, env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    answer: dict[str, dict[str, object]] = json.loads(done.stdout)["results"]
    return answer


def test_any_client_of_the_engine_asks_the_policy(workspace: Path, server):
    made = command(
        *("new-ensemble", "ask-policy", "--template", "router", "--yes"),
        *("--set", "targets=summarize-document", "--set", "description=Asks the policy."),
        folder=workspace,
    )
    assert made.returncode == 0, made.stderr
    (workspace / ".llm-orc/profiles/conductor-small.local.yaml").write_text(
        f"name: conductor-small\nprovider: openai-compatible\nmodel: {server.model}\n"
        f"base_url: {server.base_url}\n"
    )
    done = invoke(workspace, LOCAL)
    assert json.loads(str(done["decide"]["response"]))["ensemble"] == "summarize-document"
    assert done["answer"]["response"]
    left = invoke(workspace, HARD)
    assert not json.loads(str(left["decide"]["response"]))["found"]
    assert left["work"]["status"] == "skipped"
