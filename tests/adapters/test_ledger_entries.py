"""The ledger's other rows, its sums, its texts, and its schema through the versions."""

from __future__ import annotations

import shutil
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from conductor.adapters.ledger import SqlLedger, open_ledger
from conductor.adapters.ledger.tables import RECORDS, metadata
from conductor.adapters.ledger.tables import evaluation as evaluation_table
from conductor.core.digest import digest_bytes
from conductor.core.entries import (
    Artifact,
    Assessment,
    CanaryVerdict,
    Consent,
    Context,
    Entry,
    Feedback,
    Promotion,
    Transition,
)
from conductor.core.evaluation import Verdict
from conductor.core.judged import Outputs
from conductor.core.run import RunStatus
from conductor.core.usage import add_up
from conductor.errors import LedgerError
from tests.adapters.postgres import behind, raw
from tests.samples import RUNS, evaluation, run, tallies

CONTEXT = Context(ensemble="e", bound_digest="sha256:b", models=(("p", "m"),), revision="sha256:p")
PLAN = "sha256:plan"
ENTRIES: list[Entry] = [
    Feedback(id="f1", at="t", context=CONTEXT, run="run-1", negative=True, note="sha256:n"),
    Assessment(
        id="a1",
        at="t",
        context=CONTEXT,
        tier="global",
        assessor="human",
        reasoning="r",
        verdict="v",
    ),
    Promotion(
        id="p1", at="t", context=CONTEXT, act="done", from_tier="local", to_tier="global", plan=PLAN
    ),
    Consent(
        id="c1", at="t", context=CONTEXT, subject="plan", digest=PLAN, granted=True, way="terminal"
    ),
    Transition(id="t1", at="t", context=CONTEXT, state="drifting", run="run-1", reason="r"),
    CanaryVerdict(
        id="v1",
        at="t",
        context=CONTEXT,
        canary="sha256:c",
        kind="cut",
        reasoning="r",
        failure_mode="",
        verdict="good",
    ),
]
ARTIFACT = Artifact(
    id="sha256:file",
    at="t",
    ensemble="e",
    status="success",
    models=(("a", "m"),),
    input_digest="sha256:i",
    output_digest="",
    input_tokens=1,
    output_tokens=2,
    seconds=0.5,
    unknown=("revision", "bound_digest"),
)
IDS = count()
RELEASED = sorted((Path(__file__).parent / "ledgers").glob("*.db"))


def fill(ledger: SqlLedger) -> None:
    """Put a row into every table."""
    ledger.add_run(run("run-1"), input_text="in", output_text="out")
    ledger.add_evaluation(evaluation("e1", "run-1"))
    ledger.ingest_decisions([{"id": "a", "outcome": "local"}])
    ledger.ingest_artifacts([ARTIFACT])
    for entry in ENTRIES:
        ledger.add(entry)


@pytest.mark.parametrize("act", ["update {} set id = 'x'", "delete from {}"])
def test_no_row_is_ever_changed_or_deleted(ledger, url, act):
    fill(ledger)
    for table in RECORDS:
        with pytest.raises(DBAPIError, match="append-only"):
            raw(url, act.format(table.name))


def test_entries_and_artifacts_come_back_the_same(ledger):
    fill(ledger)
    for entry in ENTRIES:
        assert ledger.entries(type(entry)) == [entry]
        assert ledger.entries(type(entry), ensemble="other") == []
    assert ledger.artifacts() == [ARTIFACT]
    assert ledger.ingest_artifacts([ARTIFACT]) == 0


def test_a_complaint_about_no_run_is_refused(ledger):
    with pytest.raises(LedgerError):
        ledger.add(ENTRIES[0])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
@given(runs=st.lists(RUNS, max_size=8))
def test_the_sums_that_the_database_keeps_are_the_sums_of_its_rows(ledger, runs):
    for one in runs:
        whole = replace(one, id=f"run-{next(IDS):06}", seconds=float(round(one.seconds)))
        ledger.add_run(whole, input_text=None, output_text=None)
    assert set(ledger.usage()) == set(add_up(ledger.runs()))


def test_verdicts_are_counted_by_form_and_judge_without_what_was_corrected(ledger):
    rejected = run("run-2", status=RunStatus.REJECTED)
    for one in (run("run-1", claude_tokens=60), rejected):
        ledger.add_run(one, input_text=None, output_text=None)
    poor = {"verdict": Verdict.POOR, "failure_mode": "x"}
    judged = [
        evaluation("e1", "run-1", judge_tokens=5, **poor),
        evaluation("e2", "run-1", supersedes="e1", judge_tokens=7),
        evaluation("e3", "run-1", judge="claude", **poor),
        evaluation("e4", rejected, **poor),
    ]
    for verdict in judged:
        ledger.add_evaluation(verdict)
    assert ledger.tallies(["sha256:bound", "sha256:none"]) == tallies(*judged[1:])
    assert ledger.judging(["sha256:bound", "sha256:none"]) == {"sha256:bound": 3.0}
    assert ledger.judged_forms() == {"summarize-document": {"sha256:bound": 3}}
    assert [one.id for one in ledger.poor()] == ["e3", "e4"]
    assert ledger.poor()[0].input_digest == "sha256:input-of-run-1"
    # What was rejected had saved nothing, and a correction does not give the judge's tokens back.
    assert ledger.outputs() == [
        Outputs(
            bound_digest="sha256:bound",
            judged_runs=2,
            poor_runs=1,
            poor_tokens=60,
            judge_tokens=12,
        )
    ]


def test_the_one_character_that_not_every_database_keeps_is_replaced(ledger):
    ledger.add_run(run("run-1", error="a\0b"), input_text="c\0d", output_text=None)
    assert ledger.runs()[0].error == "a\ufffdb"
    assert ledger.content(digest_bytes(b"c\0d")) == "c\ufffdd"


def test_texts_of_a_run_are_forgotten_and_its_row_stays(ledger):
    first = run("run-1", input_digest=digest_bytes(b"in"), output_digest=digest_bytes(b"out"))
    ledger.add_run(first, input_text="in", output_text="out")
    ledger.add_run(run("run-2"), input_text="other", output_text=None)
    assert ledger.forget(run_id="run-1") == 2
    assert ledger.contents() == (1, 5)
    assert len(ledger.runs()) == 2


def test_old_texts_are_forgotten_and_a_text_used_again_is_young(ledger):
    for name, day, text in (("run-1", 1, "old"), ("run-2", 1, "used"), ("run-3", 9, "used")):
        at = f"2026-11-{day:02}T00:00:00.000Z"
        ledger.add_run(run(name, at=at), input_text=text, output_text=None)
    assert ledger.forget(before="2026-11-05T00:00:00.000Z") == 1
    assert ledger.content(digest_bytes(b"used")) == "used"


def test_a_forgotten_text_is_not_even_in_the_file(file):
    ledger = open_ledger(file)
    ledger.add_run(run("run-1"), input_text="a very private text", output_text=None)
    ledger.forget(before="2027")
    folder = Path(file.removeprefix("sqlite:///")).parent
    assert all(b"very private" not in path.read_bytes() for path in folder.iterdir())


def test_what_is_kept_has_no_secrets(ledger):
    text = "the key is sk-abcdefghijklmnopqrstuvwx"
    ledger.add_run(run("run-1"), input_text=text, output_text=None)
    assert ledger.content(digest_bytes(text.encode())) == "the key is [redacted:api-key]"


def test_the_reasoning_stands_before_the_verdict():
    columns = [column.name for column in evaluation_table.columns]
    assert columns.index("reasoning") < columns.index("verdict")


def test_the_schema_is_what_queries_expect(ledger, url):
    there = inspect(behind(url))
    for table in metadata.sorted_tables:
        columns = {column["name"] for column in there.get_columns(table.name)}
        assert columns == {column.name for column in table.columns}
    assert set(there.get_table_names()) == set(metadata.tables)


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.stem)
def test_a_ledger_of_every_released_version_opens_for_ever(tmp_path, released):
    shutil.copy(released, tmp_path / "ledger.db")
    url = f"sqlite:///{tmp_path}/ledger.db"
    ledger = open_ledger(url)
    assert [one.id for one in ledger.runs()] == ["run-1", "run-2", "run-3"]
    assert set(ledger.usage()) == set(add_up(ledger.runs()))
    assert [one.id for one in ledger.evaluations()] == ["eva-2"]
    assert ledger.decisions() == {"local": 1}
    assert ledger.content(digest_bytes(b"in")) == "in"
    with pytest.raises(DBAPIError, match="append-only"):
        raw(url, "update evaluation set id = 'x'")
    ledger.add_evaluation(evaluation("eva-3", verdict=Verdict.POOR, failure_mode="x"))
    assert ledger.poor()[0].input_digest == "sha256:input-of-run-1"
