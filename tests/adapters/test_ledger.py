from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from conductor.adapters.ledger import open_ledger
from conductor.core.digest import digest_bytes
from conductor.errors import LedgerError, UsageError
from tests.adapters.postgres import raw
from tests.samples import RUNS, TEXT, VERDICTS, evaluation, run

WRITER = """
import sys
from conductor.adapters.ledger import open_ledger
from tests.samples import run
ledger = open_ledger(sys.argv[1])
for number in range(int(sys.argv[3])):
    ledger.add_run(run(f"{sys.argv[2]}-{number:05}"), input_text="in", output_text=None)
    print(number, flush=True)
"""


IDS = count()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(one=RUNS, reasoning=TEXT, verdict=VERDICTS)
def test_what_goes_in_comes_out_the_same(ledger, one, reasoning, verdict):
    one = replace(one, id=f"run-{next(IDS):06}")
    judged = evaluation(f"of-{one.id}", one, reasoning=reasoning, verdict=verdict)
    ledger.add_run(one, input_text=None, output_text=None)
    ledger.add_evaluation(judged)
    assert ledger.run(one.id) == one
    assert judged in ledger.evaluations(run_id=one.id)


def test_runs_come_oldest_first_and_a_limit_keeps_the_newest(ledger):
    for number in (2, 1, 3):
        ledger.add_run(run(f"run-{number}"), input_text=None, output_text=None)
    assert [one.id for one in ledger.runs()] == ["run-1", "run-2", "run-3"]
    assert [one.id for one in ledger.runs(limit=2)] == ["run-2", "run-3"]
    assert ledger.runs(ensemble="other") == []
    assert ledger.runs(bound_digest="sha256:other") == []


def test_a_run_is_found_by_a_unique_beginning_of_its_id(ledger):
    for one in ("aaaa-1", "aaaa-2", "bb%b-1"):
        ledger.add_run(run(one), input_text=None, output_text=None)
    assert ledger.run("bb%b").id == "bb%b-1"
    assert ledger.run("%%%%") is None
    with pytest.raises(UsageError, match="several runs begin with `aaaa`"):
        ledger.run("aaaa")
    with pytest.raises(UsageError, match="too short"):
        ledger.run("aaa")


def test_a_due_run_is_pending_until_it_is_judged(ledger):
    for name, due in (("run-1", True), ("run-2", False), ("run-3", True)):
        ledger.add_run(run(name, due=due), input_text=None, output_text=None)
    assert [one.id for one in ledger.pending()] == ["run-1", "run-3"]
    ledger.add_evaluation(evaluation("e1", "run-1"))
    assert [one.id for one in ledger.pending()] == ["run-3"]


def test_a_superseded_evaluation_is_left_out_and_kept(ledger, url):
    ledger.add_run(run("run-1"), input_text=None, output_text=None)
    ledger.add_evaluation(evaluation("e1", "run-1"))
    ledger.add_evaluation(evaluation("e2", "run-1", supersedes="e1"))
    assert [one.id for one in ledger.evaluations()] == ["e2"]
    assert raw(url, "select count(*) from evaluation") == [(2,)]


def test_an_evaluation_of_no_run_is_refused(ledger):
    with pytest.raises(LedgerError):
        ledger.add_evaluation(evaluation("e1", "nobody"))


def test_texts_are_kept_once_and_only_when_given(ledger):
    first, second = run("run-1"), run("run-2")
    ledger.add_run(first, input_text="in", output_text=None)
    ledger.add_run(second, input_text="in", output_text="out")
    assert ledger.content(digest_bytes(b"in")) == "in"
    assert ledger.content(digest_bytes(b"out")) == "out"
    assert ledger.content(digest_bytes(b"other")) is None


def test_decisions_are_taken_in_once(ledger):
    lines = [{"id": "a", "outcome": "local", "facts": {}}, {"id": "b", "outcome": "claude"}]
    assert ledger.ingest_decisions([*lines, {"no": "decision"}]) == 2
    assert ledger.ingest_decisions(lines) == 0
    assert ledger.decisions() == {"claude": 1, "local": 1}


@pytest.mark.parametrize("_", range(3))
def test_a_writer_that_is_killed_leaves_every_acknowledged_row(url, _):
    command = [sys.executable, "-c", WRITER, url, "w", "100000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        for line in writer.stdout:
            if int(line) >= 20:
                writer.kill()
                break
        rest = writer.stdout.read().split()
    acknowledged = int(rest[-1]) if rest else 20
    with closing(open_ledger(url)) as ledger:
        runs = ledger.runs()
    assert len(runs) in (acknowledged + 1, acknowledged + 2)  # one may not have been told yet
    if url.startswith("sqlite"):
        assert raw(url, "pragma integrity_check") == [("ok",)]


def test_two_writers_take_turns_also_when_both_create_the_ledger(url):
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, url, name, "50"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for name in ("one", "two")
    ]
    assert [writer.communicate()[1] for writer in writers] == [b"", b""]
    with closing(open_ledger(url)) as ledger:
        assert len(ledger.runs()) == 100


def test_reading_does_not_wait_for_a_writer(file):
    ledger = open_ledger(file)
    connection = sqlite3.connect(file.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("begin immediate")
    assert ledger.runs() == []
    connection.execute("rollback")


def test_a_ledger_is_for_its_owner_only(file):
    open_ledger(file)
    path = Path(file.removeprefix("sqlite:///"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_newer_ledger_is_named_so(ledger, url):
    raw(url, "insert into schema_version values (99)")
    with pytest.raises(LedgerError, match="version 99, made by a newer conductor"):
        open_ledger(url)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sqlite:///{}/text.db", "the ledger's file is no database"),
        ("sqlite:///{}/text.db/below.db", "the ledger's folder cannot be made"),
        ("postgresql://user:secret@host/db", "the ledger's address holds a password"),
        ("postgresql://127.0.0.1:9/db", "the ledger's server cannot be reached"),
        ("mysql://host/db", "not supported"),
        ("rubbish", "no database URL"),
        ("sqlite://", "not supported"),
    ],
)
def test_what_cannot_be_a_ledger_is_told_with_the_next_step(tmp_path, text, message):
    (tmp_path / "text.db").write_text("this is plain text, and long enough to be looked at" * 20)
    with pytest.raises(LedgerError, match=message) as caught:
        open_ledger(text.format(tmp_path))
    assert "secret" not in str(caught.value)
