"""Decisions with what became of them."""

from __future__ import annotations

from conductor.core.evaluation import Verdict
from conductor.core.judged import Judged
from conductor.core.run import RunStatus
from tests.samples import evaluation, run


def decision(name: str) -> dict[str, object]:
    facts = {"size": {"value": 3, "source": "given"}, "hidden": {"source": "given", "masked": True}}
    return {"id": name, "outcome": "local", "rule": "small", "facts": facts}


def test_a_decision_comes_with_its_runs_and_the_last_word_of_each_judge(ledger):
    ledger.ingest_decisions([decision("d1"), decision("d2"), decision("d3")])
    for name, status in (("run-1", RunStatus.REJECTED), ("run-2", RunStatus.SUCCEEDED)):
        ledger.add_run(run(name, decision="d2", status=status), input_text=None, output_text=None)
    ledger.add_evaluation(evaluation("e1", "run-1", verdict=Verdict.POOR))
    ledger.add_evaluation(evaluation("e2", "run-2"))
    ledger.add_evaluation(evaluation("e3", "run-2", judge="claude", verdict=Verdict.ACCEPTABLE))
    one, two, three = ledger.pasts(10)
    assert (one.id, one.ran, one.verdicts, three.id) == ("d1", (), {}, "d3")
    assert two.ran == (RunStatus.REJECTED, RunStatus.SUCCEEDED)
    assert two.verdicts == {"human": Verdict.GOOD, "claude": Verdict.ACCEPTABLE}
    assert (two.outcome, two.rule, two.fact("size")["value"]) == ("local", "small", 3)
    assert two.values is None  # one of its facts is masked
    assert [past.id for past in ledger.pasts(2)] == ["d2", "d3"]


def test_standing_verdicts_are_counted_by_task_form_and_judge(ledger):
    for name in ("run-1", "run-2"):
        ledger.add_run(run(name, input_digest="sha256:same"), input_text=None, output_text=None)
    ledger.add_evaluation(evaluation("e1", "run-1", verdict=Verdict.POOR))
    ledger.add_evaluation(evaluation("e2", "run-1", supersedes="e1"))
    ledger.add_evaluation(evaluation("e3", run("run-2", input_digest="sha256:same")))
    assert list(ledger.judged_tasks()) == [
        Judged(
            task="summarization",
            bound_digest="sha256:bound",
            judge="human",
            verdict=Verdict.GOOD,
            count=2,
            inputs=1,
        )
    ]
