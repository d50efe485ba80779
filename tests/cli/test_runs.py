"""What people see of past runs, and what they can do with the record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conductor.app.project import Project
from conductor.core.digest import digest_bytes
from conductor.core.run import Check, RunStatus
from tests.conftest import command
from tests.samples import evaluation, run

OUTPUT = "a summary\x1b[2J"


@pytest.fixture(scope="module")
def folder(_compiled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with three runs; nothing but the ledger changes in it."""
    root = tmp_path_factory.mktemp("runs")
    for name in ("conductor.toml", "policy", "registry"):
        (root / name).symlink_to(_compiled / name)
    good = run(
        "aaaa-1", output_digest=digest_bytes(OUTPUT.encode()), input_digest=digest_bytes(b"in")
    )
    looped = Check(name="looping", passed=False, detail="it ends in a loop: “so”")
    rejected = run("bbbb-2", status=RunStatus.REJECTED, checks=(looped,), due=False)
    failed = run(
        "cccc-3", status=RunStatus.FAILED, error="`w` failed: gone", due=False, ensemble="x"
    )
    with Project(str(root)) as project:
        project.ledger.add_run(good, input_text="in", output_text=OUTPUT)
        for one in (rejected, failed):
            project.ledger.add_run(one, input_text=None, output_text=None)
        project.ledger.add_evaluation(evaluation("e1", good))
        project.ledger.add_run(run("dddd-4"), input_text=None, output_text=None)
    return root


def test_the_list_is_a_line_for_each_run(folder: Path, snapshot):
    done = command("runs", "list", folder=folder)
    assert (done.returncode, done.stdout) == (0, snapshot)


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ("--due", ["dddd-4"]),
        ("--status rejected", ["bbbb-2"]),
        ("--ensemble x", ["cccc-3"]),
        ("--task summarization --limit 1", ["dddd-4"]),
        ("--since 2027-01-01", []),
        ("--due --task extraction", []),
    ],
)
def test_the_list_is_what_was_asked_for(folder: Path, options, ids):
    done = command("runs", "list", "--json", *options.split(), folder=folder)
    document = json.loads(done.stdout)
    assert document["format"] == 1
    assert [one["id"] for one in document["runs"]] == ids


def test_one_run_is_shown_with_its_texts_made_harmless(folder: Path, snapshot):
    done = command("runs", "show", "aaaa", folder=folder)
    assert (done.returncode, done.stdout) == (0, snapshot)
    document = json.loads(command("runs", "show", "aaaa", "--json", folder=folder).stdout)
    assert document["output"] == OUTPUT
    assert [one["verdict"] for one in document["evaluations"]] == ["good"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("runs show zzzz", "there is no run `zzzz`"),
        ("runs list --since soon", "`soon` is no day"),
        ("ledger forget", "what is to be forgotten?"),
        ("ledger forget --expired", "kept texts never expire here"),
        ("ledger forget --run zzzz", "there is no run `zzzz`"),
        ("ledger import nothing.jsonl", "cannot read the file"),
        ("ingest nowhere", "there is no folder `nowhere`"),
        ("run x --batch - --input y", "`--batch` has its inputs in its file"),
        ("run x --results y --input z", "`--results` is for a batch"),
        ("run x --batch -", "a batch from standard input has no name"),
    ],
)
def test_what_cannot_be_done_is_told_with_the_next_step(folder: Path, call, message):
    done = command(*call.split(), folder=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "hint: " in done.stderr or message == "cannot read the file"


def test_the_record_goes_out_and_in_again(folder: Path, workspace: Path, tmp_path: Path):
    file = str(tmp_path / "ledger.jsonl")
    done = command("ledger", "export", file, "--json", folder=folder)
    assert json.loads(done.stdout)["rows"] == 7
    done = command("ledger", "import", file, "--json", folder=workspace)
    assert json.loads(done.stdout)["new"]["run"] == 4
    assert "0 rows taken in" in command("ledger", "import", file, folder=workspace).stderr
    assert command("ledger", "check", folder=workspace).stdout.startswith("the ledger is sound")
    assert json.loads((workspace / ".conductor/evidence.json").read_text())["ensembles"]
    without = command("ledger", "export", "-", "--without-contents", folder=workspace).stdout
    assert '"table": "run"' in without
    assert '"table": "content"' not in without


def test_texts_are_dropped_after_a_yes_only(folder: Path, workspace: Path):
    with Project(str(workspace)) as project:
        row = run("aaaa-1", input_digest=digest_bytes(b"in"))
        project.ledger.add_run(row, input_text="in", output_text=None)
    done = command("ledger", "forget", "--run", "aaaa", folder=workspace)
    assert (done.returncode, "this needs your consent" in done.stderr) == (2, True)
    done = command("ledger", "forget", "--run", "aaaa", "--yes", "--json", folder=workspace)
    assert json.loads(done.stdout) == {"format": 1, "forgotten": 1}
    assert "no such text" in command("ledger", "forget", "--run", "aaaa", folder=workspace).stderr


def test_texts_expire_where_the_settings_say_so(workspace: Path):
    settings = workspace / "conductor.toml"
    settings.write_text(settings.read_text().replace("contents = false", "keep_days = 30"))
    with Project(str(workspace)) as project:
        old = run("aaaa-1", at="2020-01-01T00:00:00.000Z")
        project.ledger.add_run(old, input_text="in", output_text=None)
    done = command("ledger", "forget", "--expired", "--yes", folder=workspace)
    assert done.stderr == "dropped 1 text\n"
