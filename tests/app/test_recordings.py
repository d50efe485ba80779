"""Answers of an engine, kept in a file and shown again where there is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conductor.app import run as app
from conductor.app.project import Project
from conductor.app.recordings import read_recordings, record_to, replay
from conductor.core.execution import Progress
from conductor.core.ports import Runner
from conductor.core.recording import recordings_in
from conductor.core.run import RunStatus
from conductor.errors import OutsideError, SourceError
from tests.app.fakes import FakeEngine, FakeServer
from tests.conftest import command

NAME, TEXT = "summarize-document", "a text to sum up"


class NoEngine(FakeEngine):
    """An engine that must not start, and a model server that must not either."""

    def open(self):
        pytest.fail("an engine was started")


def record(root: Path, file: Path, error: str = "") -> None:
    made = FakeEngine(error=error)
    with Project(str(root), open_runner=made.open, open_server=FakeServer().open) as project:
        record_to(project, str(file))
        app.execute(project, app.plan(project, NAME, TEXT), lambda _: None)


def replayed(root: Path, file: Path, text: str = TEXT) -> tuple[app.Finished, list[Progress]]:
    told: list[Progress] = []
    none = NoEngine()
    with Project(str(root), open_runner=none.open, open_server=none.open) as project:
        replayer = read_recordings(str(file))
        found = replay(project, app.plan(project, NAME, text), replayer, told.append)
        assert len(project.ledger.runs()) == 1, "the run that was recorded, and no other"
    return found, told


def test_what_was_recorded_is_shown_and_counts_nowhere(workspace: Path, tmp_path: Path):
    file = tmp_path / "runs.jsonl"
    record(workspace, file)
    found, told = replayed(workspace, file)
    run = found.run
    assert (found.output, run.status) == ("a fine summary", RunStatus.SUCCEEDED)
    assert (run.engine, run.engine_version) == ("replay", "llm-orc 0.25.2")
    assert found.recorded_at
    assert (run.due, run.claude_tokens, run.delta_tokens) == (False, 0, 0)
    assert [one.agent for one in told] == [agent.name for agent in run.agents]
    assert file.stat().st_mode & 0o077 == 0  # it holds texts


def test_another_input_another_form_and_a_damaged_file_are_told(workspace: Path, tmp_path: Path):
    file = tmp_path / "runs.jsonl"
    record(workspace, file)
    with pytest.raises(OutsideError, match="no recording of this input"):
        replayed(workspace, file, "another text")
    spec = workspace / f"registry/specs/{NAME}.toml"
    spec.write_text(spec.read_text().replace("max_tokens = ", "max_tokens = 1"))
    with pytest.raises(OutsideError, match="no recording of this form of the ensemble"):
        replayed(workspace, file)
    file.write_text(file.read_text() + '{"format": 2}\n')
    with pytest.raises(SourceError, match="the line is no recording of format 1") as refused:
        read_recordings(str(file))
    assert refused.value.at == f"{file}:2"


def test_a_failure_is_replayed_as_one_until_a_newer_run_is_recorded(
    workspace: Path, tmp_path: Path
):
    file = tmp_path / "runs.jsonl"
    with pytest.raises(OutsideError, match="broken"):
        record(workspace, file, error="broken")
    with pytest.raises(OutsideError, match="broken") as refused:
        replayed(workspace, file)
    assert "how the recorded run ended" in str(refused.value.hint)
    newer = tmp_path / "newer.jsonl"
    record(workspace, newer)
    file.write_text(file.read_text() + newer.read_text())
    assert recordings_in(file.read_bytes().splitlines(), "")[1].outcome.output == "a fine summary"
    replayer = read_recordings(str(file))
    with Project(str(workspace)) as project:
        plan = app.plan(project, NAME, TEXT)
        assert replay(project, plan, replayer, lambda _: None).output == "a fine summary"


def test_a_replayer_fits_where_an_engine_does_and_still_leaves_no_row(
    workspace: Path, tmp_path: Path
):
    file = tmp_path / "runs.jsonl"
    record(workspace, file)

    @contextmanager
    def opened() -> Iterator[Runner]:
        yield read_recordings(str(file))

    with Project(str(workspace), open_runner=opened, open_server=FakeServer().open) as project:
        finished = app.execute(project, app.plan(project, NAME, TEXT), lambda _: None)
        assert finished.output == "a fine summary"
        assert len(project.ledger.runs()) == 1


def test_the_command_says_that_nothing_ran(workspace: Path, tmp_path: Path):
    file = tmp_path / "runs.jsonl"
    record(workspace, file)
    words = ("run", NAME, "--input", TEXT, "--replay", str(file))
    done = command(*words, folder=workspace)
    assert (done.returncode, done.stdout) == (0, "a fine summary\n")
    assert f"replaying {file}: nothing runs" in done.stderr
    assert "replayed, succeeded: nothing ran, and nothing is in the ledger" in done.stderr
    silent = command(*words, "--progress", "none", folder=workspace)
    assert silent.stderr == f"replaying {file}: nothing runs\n"
    answer = json.loads(command(*words, "--json", folder=workspace).stdout)
    assert answer["replayed"]["recorded_at"] == answer_time(file)
    assert answer["run"]["engine"] == "replay"
    refused = command(*words, "--batch", "items.jsonl", folder=workspace)
    assert (refused.returncode, "shows one recorded run" in refused.stderr) == (2, True)


def answer_time(file: Path) -> str:
    return str(json.loads(file.read_text())["at"])
