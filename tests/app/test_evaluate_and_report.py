from __future__ import annotations

import json
from pathlib import Path

import pytest

from conductor.adapters import files
from conductor.app.evaluate import evaluate, find_run
from conductor.app.evidence import refresh_evidence
from conductor.app.project import Project
from conductor.app.report import report
from conductor.app.route import Router
from conductor.core.quotes import Texts
from conductor.core.run import RunStatus
from conductor.errors import UsageError
from conductor.formats.report import text as screen
from conductor.formats.report.document import document
from tests.samples import run

FINE = {"reasoning": "it says what the text says", "verdict": "good"}
MET = {"evidence": ["a text"], "reasoning": "it says so", "answer": "met"}
ANSWERED = {"criteria": dict.fromkeys(("grounded", "complete", "brief"), MET), **FINE}
READ = Texts(input="a text", output="a text")
POOR = {"reasoning": "it repeats itself", "verdict": "poor", "failure_mode": "repetition"}


def add(project: Project, *runs) -> None:
    for one in runs:
        project.ledger.add_run(one, input_text=None, output_text=None)


def test_a_judgement_carries_everything_that_gives_it_meaning(project):
    add(project, run("run-1"))
    done = evaluate(project, run("run-1"), FINE)
    assert project.ledger.evaluations() == [done]
    assert (done.judge, done.rubric, str(done.verdict)) == ("human", "summarization", "good")
    assert done.rubric_revision == project.judging.rubrics["summarization"].revision
    assert done.bound_digest == run("run-1").bound_digest


def test_a_second_judgement_by_the_same_judge_replaces_the_first(project):
    add(project, run("run-1"))
    first = evaluate(project, run("run-1"), POOR)
    second = evaluate(project, run("run-1"), FINE)
    other = evaluate(project, run("run-1"), ANSWERED, judge="claude", texts=READ)
    assert second.supersedes == first.id
    assert other.supersedes == ""
    assert {one.id for one in project.ledger.evaluations()} == {second.id, other.id}


def test_a_model_cannot_judge_what_its_quotes_cannot_be_looked_up_in(project):
    add(project, run("run-1"))
    with pytest.raises(UsageError, match="were not kept"):
        evaluate(project, run("run-1"), ANSWERED, judge="claude")
    assert project.ledger.evaluations() == []


def test_without_an_id_the_newest_run_that_waits_is_meant(project):
    add(project, run("run-1"), run("run-2"), run("run-3", due=False))
    assert find_run(project, "").id == "run-2"
    evaluate(project, run("run-2"), FINE)
    assert find_run(project, "").id == "run-1"


def test_what_cannot_be_judged_is_told(project):
    with pytest.raises(UsageError, match="no run is waiting"):
        find_run(project, "")
    add(project, run("run-1", status=RunStatus.FAILED, due=False))
    with pytest.raises(UsageError, match="failed: there is nothing to judge"):
        find_run(project, "run-1")
    with pytest.raises(UsageError, match="there is no run `run-9`"):
        find_run(project, "run-9")


def test_evidence_reaches_route_as_facts(project):
    digest = project.policy.candidates["summarization"][0].text_digest
    add(project, *(run(f"run-{n:02}", text_digest=digest) for n in range(21)))
    for number in range(5):
        evaluate(project, run(f"run-{number:02}", text_digest=digest), FINE)
    router = Router(project.root, log=False, say=print)
    decision, _ = router.decide("", {"task": "summarization", "document_tokens": 900})
    assert (decision.outcome, decision.rule) == ("local", "proven-ensemble")
    assert decision.facts["ensemble_uses"].value == 21


def test_a_task_that_costs_less_than_delegating_it_stays_with_claude(project):
    digest = project.policy.candidates["summarization"][0].text_digest
    add(project, *(run(f"run-{n:02}", text_digest=digest) for n in range(6)))
    for name in ("run-00", "run-01"):
        record = {"judge_tokens": 200, **ANSWERED}
        evaluate(project, run(name, text_digest=digest), record, judge="claude", texts=READ)
    router = Router(project.root, log=False, say=print)
    facts = {"task": "summarization", "documents": 1}
    small, _ = router.decide("", {**facts, "document_tokens": 200})
    large, _ = router.decide("", {**facts, "document_tokens": 2_000})
    assert (small.outcome, small.rule, large.outcome) == ("claude", "below-break-even", "local")
    # 200 + 5 x 60 against the calls, 15 % of two judgements with 200 tokens each, and 60 read back.
    assert small.facts["delegation_gain"].value == 500 - (120 + 5 * (70 + 30) + 60)


def test_damaged_evidence_counts_for_nothing_and_is_said_to(project):
    said = []
    path = project.path(".conductor/evidence.json")
    for text in ("{", "[]", '{"ensembles": {"a": {}}}', '{"ensembles": {"a": {"uses": "x"}}}'):
        files.write_atomically(path, text)
        assert Router(project.root, log=False, say=said.append).standings == {}
    assert len(said) == 4


def test_an_empty_ledger_says_what_to_do(project, snapshot):
    assert screen(report(project)) == snapshot


def test_a_rich_report(project, snapshot):
    extraction = {"task": "extraction", "ensemble": "names", "bound_digest": "sha256:names"}
    add(
        project,
        *(run(f"run-{n:02}", **extraction) for n in range(4)),
        run("run-10", status=RunStatus.REJECTED),
        run("run-11"),
        run("run-12", status=RunStatus.FAILED, due=False, error="no server"),
    )
    for number in range(3):
        evaluate(project, run(f"run-{number:02}", **extraction), POOR)
    evaluate(project, run("run-11"), FINE)
    evaluate(project, run("run-11"), ANSWERED, judge="claude", texts=READ)
    Router(project.root, log=True, say=print).decide("Extract all names")
    assert screen(report(project)) == snapshot
    assert max(len(line) for line in screen(report(project)).splitlines()) <= 100


def test_the_json_report_holds_what_the_screen_shows(project):
    add(project, run("run-1"))
    evaluate(project, run("run-1"), FINE)
    found = document(report(project))
    assert json.loads(json.dumps(found))["savings"]["estimators"] == ["word-pieces-1@125%"]
    (ensemble,) = found["ensembles"]
    assert ensemble["judges"][0]["interval_percent"] == [20, 100]
    assert found["savings"]["net"]["most"] == {"written": 60, "read": 0}


def test_a_decision_line_that_a_crash_cut_off_is_left_out(project):
    Router(project.root, log=True, say=print).decide("Extract all names")
    path = Path(project.path(".conductor/decisions.jsonl"))
    path.write_text(path.read_text() + '{"id": "x", "outco')
    assert sum(report(project).decisions.values()) == 1
    assert sum(report(project).decisions.values()) == 1


def test_refreshing_evidence_of_nothing_writes_an_empty_snapshot(project):
    refresh_evidence(project)
    text = files.read_text(project.path(".conductor/evidence.json"))
    assert json.loads(text) == {"format": 1, "ensembles": {}}
