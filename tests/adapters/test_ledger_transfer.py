"""A ledger goes out and in again without loss, on the same database and on the other one."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from conductor.adapters.ledger import SqlLedger, open_ledger
from conductor.adapters.ledger.tables import RECORDS
from conductor.core.digest import digest_bytes
from conductor.errors import LedgerError
from tests.adapters.postgres import raw
from tests.adapters.test_ledger_entries import fill
from tests.samples import run


@pytest.fixture
def filled(ledger: SqlLedger) -> SqlLedger:
    fill(ledger)
    ledger.add_run(
        run("run-2", seconds=0.1 + 0.2, error="ü\n\t“x”"), input_text=None, output_text=None
    )
    return ledger


def through_json(ledger: SqlLedger):
    return [json.loads(json.dumps(line)) for line in ledger.rows()]


def test_every_row_arrives_as_it_was_and_is_counted(filled, tmp_path: Path):
    rows = through_json(filled)
    assert {name for name, _ in rows} == {*(table.name for table in RECORDS), "content"}
    with closing(open_ledger(f"sqlite:///{tmp_path}/other.db")) as other:
        taken = other.take_in(rows)
        assert sum(taken.new.values()) == len(rows)
        assert through_json(other) == rows
        assert other.usage() == filled.usage()
        assert other.unsound() == []
        again = other.take_in(rows)
        assert (sum(again.new.values()), again.known, again.different) == (0, len(rows), 0)
        assert other.usage() == filled.usage()


@pytest.mark.postgres
def test_a_file_s_ledger_moves_to_a_server_and_back(postgres, tmp_path: Path):
    with closing(open_ledger(f"sqlite:///{tmp_path}/one.db")) as one:
        fill(one)
        rows = through_json(one)
    with closing(open_ledger(postgres.database())) as server:
        server.take_in(rows)
        assert through_json(server) == rows
        assert server.unsound() == []


def test_a_row_that_is_here_with_other_content_is_left_and_counted(filled):
    rows = through_json(filled)
    rows[0][1]["ensemble"] = "another"
    taken = filled.take_in(rows)
    assert (taken.known, taken.different) == (len(rows), 1)
    assert filled.runs()[0].ensemble == "summarize-document"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"more": 1}, "other columns: more"),
        ({"at": 1}, "no str in `at`"),
        ({"due": "yes"}, "no int in `due`"),
        ({"seconds": None}, "no float in `seconds`"),
    ],
)
def test_one_wrong_row_takes_nothing_in(filled, tmp_path: Path, change, message):
    rows = through_json(filled)
    rows[1] = (rows[1][0], {**rows[1][1], **change})
    with closing(open_ledger(f"sqlite:///{tmp_path}/other.db")) as other:
        with pytest.raises(LedgerError, match=message):
            other.take_in(rows)
        with pytest.raises(LedgerError, match="no table `nobody`"):
            other.take_in([*through_json(filled)[:1], ("nobody", {})])
        assert other.runs() == []


def test_sums_that_drifted_from_their_rows_are_found(filled, url):
    assert filled.unsound() == []
    raw(url, "update usage set runs = runs + 1")
    assert filled.unsound() == ["the sums say 3 runs and the rows 2"]


def test_texts_of_an_ensemble_are_counted_and_forgotten(ledger):
    for number, name in enumerate(("one", "one", "two")):
        given = f"text {number}"
        row = run(f"run-{number}", ensemble=name, input_digest=digest_bytes(given.encode()))
        ledger.add_run(row, input_text=given, output_text=None)
    assert ledger.contents(ensemble="one") == (2, 12)
    assert ledger.contents(before="2000-01-01") == (0, 0)
    assert ledger.forget(ensemble="one") == 2
    assert ledger.contents() == (1, 6)


def test_runs_are_listed_by_task_with_the_types_below_and_from_a_day_on(ledger):
    for name, task, day in (("a", "x", 1), ("b", "x.y", 2), ("c", "xy", 3)):
        row = run(f"run-{name}", task=task, at=f"2026-11-0{day}T00:00:00.000Z")
        ledger.add_run(row, input_text=None, output_text=None)
    assert [one.id for one in ledger.runs(task="x")] == ["run-a", "run-b"]
    assert [one.id for one in ledger.runs(since="2026-11-02")] == ["run-b", "run-c"]
