"""A batch through the real engine: killed, interrupted, and finished by the same command."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from conductor.app.project import Project
from conductor.core.run import RunStatus
from tests.conftest import heed_interrupts

pytestmark = pytest.mark.engine

CALL = [sys.executable, "-m", "conductor", "run", "pause", "--batch", "b.jsonl", "--parallel", "2"]
ITEMS = 6
# No model: what is looked at is who starts, ends and repeats what.
PAUSE = """name: pause
description: d
agents:
  - name: wait
    script: "sleep 0.7; echo done"
"""


@pytest.fixture
def folder(workspace: Path) -> Path:
    (workspace / ".llm-orc/ensembles/pause.yaml").write_text(PAUSE)
    lines = [json.dumps({"input": f"text {number}"}) for number in range(ITEMS)]
    (workspace / "b.jsonl").write_text("\n".join(lines))
    return workspace


def children(pid: int) -> set[int]:
    """Every process below one, as the system lists them."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True)
    below, parents = {pid}, [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    for _ in range(len(parents)):
        below |= {child for child, parent in parents if parent in below}
    return below - {pid}


def alive(pids: set[int]) -> set[int]:
    return {pid for pid in pids if Path(f"/proc/{pid}/stat").exists() and not _zombie(pid)}


def _zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["kill -9", "Ctrl-C"])
def test_what_is_finished_is_never_repeated_and_nobody_is_left_behind(folder: Path, how):
    with subprocess.Popen(
        CALL,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=heed_interrupts,  # noqa: PLW1509 - this process starts no threads before
    ) as started:
        assert started.stdout
        told = [json.loads(started.stdout.readline()) for _ in range(3)]
        below = children(started.pid)
        assert below
        started.send_signal(how)
        told.extend(json.loads(line) for line in started.stdout)
    deadline = time.monotonic() + 15
    while alive(below) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert alive(below) == set()
    finished = {one["id"] for one in told if one["status"] == "succeeded"}
    done = subprocess.run(CALL, cwd=folder, capture_output=True, text=True, check=True)
    again = {json.loads(line)["id"] for line in done.stdout.splitlines()}
    assert not finished & again
    assert f"{len(finished)} finished before" in done.stderr
    lines = (folder / "b.pause.results.jsonl").read_text().splitlines()
    ended = Counter(one["id"] for one in map(json.loads, lines) if one["status"] == "succeeded")
    assert ended == {str(number): 1 for number in range(1, ITEMS + 1)}
    with Project(str(folder)) as project:
        runs = {run.id: run.status for run in project.ledger.runs()}
    assert all(runs[json.loads(line)["run"]] for line in lines)
    assert Counter(runs.values())[RunStatus.SUCCEEDED] in range(ITEMS, ITEMS + 3)
