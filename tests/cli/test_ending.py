"""Being told to end: whenever it comes, the run that was announced leaves its row."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from conductor.app.project import Project
from conductor.cli.root import run
from conductor.core.run import RunStatus
from tests.conftest import heed_interrupts

# It has the right version, and never answers the handshake.
_DEAF = """#!/bin/sh
[ "$1" = --version ] && exec echo "llm-orc, version 0.25.2"
exec cat >/dev/null
"""
_ELSEWHERE = """\
format = 1

[profiles.conductor-small]
provider = "openai-compatible"
base_url = "http://127.0.0.1:9/v1"
model = "nobody"
"""


def test_a_run_that_is_told_to_end_while_the_engine_starts_ends_and_leaves_its_row(
    workspace: Path, tmp_path: Path
):
    engine = tmp_path / "deaf"
    engine.write_text(_DEAF)
    engine.chmod(0o755)
    settings = workspace / "conductor.toml"
    settings.write_text(settings.read_text().replace('"llm-orc"', f'"{engine}"'))
    (workspace / ".conductor/bindings.toml").write_text(_ELSEWHERE)
    with subprocess.Popen(
        [sys.executable, "-m", "conductor", "run", "summarize-document", "--input", "a text"],
        cwd=workspace,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_interrupts,  # noqa: PLW1509 - as a terminal would start it
    ) as process:
        assert process.stderr is not None
        assert "delegating to local models" in process.stderr.readline()
        while not (workspace / ".conductor/engine/engine.log").exists():
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        try:
            assert process.wait(30) == 130
        finally:
            process.kill()
    with Project(str(workspace)) as project:
        (row,) = project.ledger.runs()
    assert (row.status, row.error) == (RunStatus.INTERRUPTED, "interrupted")


def test_what_ignores_a_signal_goes_on_ignoring_it(workspace: Path, monkeypatch):
    monkeypatch.chdir(workspace)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert run(["runs", "list"]) == 0
        os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
