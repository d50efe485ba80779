"""The engine where no MCP session comes up: the same run by its command line."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from conductor.adapters.llm_orc import find_engine, open_runner
from conductor.core.execution import Invocation
from conductor.errors import OutsideError, TimeLimitReached

pytestmark = pytest.mark.engine

WITHOUT_SESSION = '#!/bin/sh\n[ "$1" = mcp ] && exit 1\nexec {} "$@"\n'
JOIN = "import json, sys\nprint('joined ' + json.load(sys.stdin)['input'])\n"
ENSEMBLE = {
    "name": "plain",
    "description": "d",
    "agents": [{"name": "join", "script": "scripts/join.py"}],
}


@pytest.fixture
def command(tmp_path: Path) -> str:
    """An engine whose MCP server does not start."""
    path = tmp_path / "llm-orc"
    path.write_text(WITHOUT_SESSION.format(find_engine("llm-orc")))
    path.chmod(0o755)
    return str(path)


def asked(script: str = "scripts/join.py", seconds: float = 60.0) -> Invocation:
    return Invocation(
        ensemble={**ENSEMBLE, "agents": [{"name": "join", "script": script}]},
        input="text",
        scripts={"scripts/join.py": JOIN},
        timeout_seconds=seconds,
    )


def test_a_run_goes_through_the_command_line_and_says_so(command, tmp_path: Path):
    with open_runner(str(tmp_path / "engine"), command) as runner:
        outcome = runner.invoke(asked(), print)
        assert runner.version.endswith(" (command line)")
    assert outcome.error == ""
    assert "joined text" in outcome.output


def test_what_the_engine_refuses_and_what_fails_are_told_apart(command, tmp_path: Path):
    with open_runner(str(tmp_path / "engine"), command) as runner:
        assert "`join` failed" in runner.invoke(asked("exit 3"), print).error
        with pytest.raises(OutsideError, match="script"):
            runner.invoke(asked("scripts/gone.py"), print)


def test_a_time_out_leaves_no_process(command, tmp_path: Path):
    opened = open_runner(str(tmp_path / "engine"), command)
    with opened as runner, pytest.raises(TimeLimitReached):
        runner.invoke(asked("sleep 61.25", seconds=12.0), print)
    time.sleep(0.2)
    listed = subprocess.run(["ps", "-eo", "args="], capture_output=True, text=True, check=True)
    assert "sleep 61.25" not in listed.stdout
