"""The whole way with the real engine and the real model, as people go it."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conductor.adapters.embedded import find_model, serve
from conductor.app.project import Project
from conductor.core.run import RunStatus
from tests.conftest import ROOT, heed_interrupts, process

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("model")]

BRIEFLY = (  # a tiny model may write on until its limit
    *("--set", "extractor_max_tokens=16", "--set", "analyzer_max_tokens=16"),
    *("--set", "synthesizer_max_tokens=32"),
)
NOTE = "We move the billing service to PostgreSQL in March. Ada leads. Bob rewrites the export.\n"


def orphans() -> list[str]:
    """Processes of ours that nobody waits for: their parent is the first process."""
    listed = subprocess.run(["ps", "-eo", "ppid,args"], capture_output=True, text=True, check=True)
    lines = [line.split(None, 1) for line in listed.stdout.splitlines()[1:]]
    ours = ("conductor.adapters.embedded", "llm-orc mcp")
    return [args for parent, args in lines if parent == "1" and any(one in args for one in ours)]


def gone(seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while orphans() and time.monotonic() < deadline:
        time.sleep(0.1)
    return not orphans()


def runs(workspace: Path):
    with Project(str(workspace)) as project:
        return project.ledger.runs()


def test_run_evaluate_report(workspace: Path):
    (workspace / "note.md").write_text(NOTE)
    done = process("run", "summarize-document", "--input-file", "note.md", folder=workspace)
    assert done.returncode in (0, 1), done.stderr  # a tiny model may well run into its limit
    assert done.stdout.strip()
    assert "delegating to local models, this may take " in done.stderr
    assert ": 1 agent on smollm2-135m-instruct (" in done.stderr
    assert "use 1 of 5 in calibration" in done.stderr
    (row,) = runs(workspace)
    assert row.status is (RunStatus.REJECTED if done.returncode else RunStatus.SUCCEEDED)
    assert row.engine_version.startswith("0.25.")
    assert row.models == (("conductor-small", "smollm2-135m-instruct"),)
    judged = process("evaluate", "--reasoning", "x", "--verdict", "acceptable", folder=workspace)
    assert judged.returncode == 0
    (ensemble,) = json.loads(process("report", "--json", folder=workspace).stdout)["ensembles"]
    assert [(one["judge"], one["acceptable"]) for one in ensemble["judges"]] == [("human", 1)]


def test_standard_output_holds_one_json_object(workspace: Path):
    done = process("run", "summarize-document", "--input", NOTE, "--json", folder=workspace)
    document = json.loads(done.stdout)
    assert (document["format"], document["run"]["engine"]) == (1, "llm-orc")
    assert document["output"]


def test_the_demo_tells_the_whole_story(tmp_path: Path):
    done = process("demo", "--yes", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    for title in ("1  Decide", "2  Make", "3  Decide again", "4  Run", "5  Judge", "6  Report"):
        assert f"\n{title}" in done.stdout
    assert "--- output of smollm2-135m-instruct" in done.stdout
    assert done.stdout.rstrip().endswith("make an ensemble of your own")
    assert list(tmp_path.iterdir()) == []


def test_the_demo_s_json_is_one_object_and_its_recording_can_be_shown_without_a_model(
    tmp_path: Path,
):
    words = ("demo", "--yes", "--json", "--record", "demo.jsonl")
    document = json.loads(process(*words, folder=tmp_path).stdout)
    assert document["decision"]["outcome"] == "compose"
    assert document["run"]["decision"]
    assert document["evaluation"]["judge"] == "demo"
    shown = process("demo", "--replay", "demo.jsonl", folder=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert f"\n{document['output'].strip()}\n--- end of output ---" in shown.stdout
    assert "replayed, " in shown.stdout
    assert "5  Judge" not in shown.stdout


def test_a_missing_engine_is_exit_3_and_a_failed_run(workspace: Path):
    settings = workspace / "conductor.toml"
    settings.write_text(settings.read_text().replace('"llm-orc"', '"no-such-engine"'))
    done = process("run", "summarize-document", "--input", NOTE, folder=workspace)
    assert done.returncode == 3
    assert "error: the engine `no-such-engine` is not installed\n  hint: pip install" in done.stderr
    assert runs(workspace)[0].status is RunStatus.FAILED
    assert gone()


def test_a_dead_server_is_exit_3_and_a_failed_run(workspace: Path):
    (workspace / ".conductor/bindings.toml").write_text(
        'format = 1\n[profiles.conductor-small]\nprovider = "openai-compatible"\n'
        'model = "qwen3:4b"\nbase_url = "http://127.0.0.1:9/v1"\n'
    )
    done = process("run", "summarize-document", "--input", NOTE, folder=workspace)
    assert done.returncode == 3
    assert "http://127.0.0.1:9/v1 unreachable" in done.stderr
    assert "hint: start the model server" in done.stderr
    assert runs(workspace)[0].status is RunStatus.FAILED


def test_a_missing_model_is_exit_3_and_a_failed_run(workspace: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    done = process("run", "summarize-document", "--input", NOTE, folder=workspace)
    assert done.returncode == 3
    assert "the embedded model is not on this machine" in done.stderr
    assert runs(workspace)[0].status is RunStatus.FAILED
    assert gone()


def test_a_time_out_is_exit_3_and_a_failed_run(workspace: Path):
    settings = workspace / "conductor.toml"
    settings.write_text(
        settings.read_text().replace("timeout_seconds = 600", "timeout_seconds = 1")
    )
    done = process("run", "adr-review", "--input", NOTE * 40, folder=workspace)
    assert done.returncode == 3
    assert "the engine did not finish within 1 s" in done.stderr
    assert runs(workspace)[0].status is RunStatus.FAILED
    assert gone()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["kill -9", "Ctrl-C"])
def test_a_run_that_is_stopped_leaves_no_process_and_no_half_row(workspace: Path, how):
    call = [sys.executable, "-m", "conductor", "run", "adr-review", "--input", NOTE * 40]
    with subprocess.Popen(
        call,
        cwd=workspace,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_interrupts,  # noqa: PLW1509 - this process starts no threads before
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "[" in line:  # the first agent has ended: all is running
                process.send_signal(how)
                break
        process.stderr.read()
    assert gone()
    rows = runs(workspace)
    if how == signal.SIGINT:
        assert process.returncode == 130
        assert [row.status for row in rows] == [RunStatus.INTERRUPTED]
    else:
        assert rows == []


def test_a_server_whose_parent_is_killed_ends_by_itself(workspace: Path):
    script = (
        "from conductor.adapters.embedded import *\n"
        "with serve(find_model()) as s:\n  print(s.pid, flush=True); import time; time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    assert gone()
    left = subprocess.run(
        ["ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True, check=False
    )
    assert "embedded" not in left.stdout


def test_a_model_file_that_was_cut_off_does_not_count(model, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = tmp_path / "conductor/models"
    folder.mkdir(parents=True)
    (folder / model.path.name).write_bytes(b"GGUF" * 100)
    assert find_model() is None


def test_a_server_that_cannot_load_its_model_says_why(model, tmp_path: Path):
    import dataclasses

    from conductor.errors import OutsideError

    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"this is no model")
    started = serve(dataclasses.replace(model, path=broken))
    with pytest.raises(OutsideError, match="the model server did not start: "), started:
        pass


def test_a_new_user_makes_a_swarm_from_the_docs_and_runs_it(tmp_path: Path):
    page = (ROOT / "docs/ensembles.md").read_text(encoding="utf-8")
    (session,) = re.findall(r"```console\n(\$ conductor init.*?)```", page, re.DOTALL)
    calls = [shlex.split(call) for call in session.replace("\\\n> ", "").splitlines()]
    for _, _, *words in calls:  # `$ conductor` and what follows
        caps = BRIEFLY if words[0] == "new-ensemble" else ()
        done = process(*words, *caps, folder=tmp_path)
        assert done.returncode == 0 or words[0] == "run", done.stderr  # it may hit its limit
    with Project(str(tmp_path)) as project:
        (row,) = project.ledger.runs()
    assert row.ensemble == "note-review"
    assert len(row.agents) == 5
