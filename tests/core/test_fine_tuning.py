"""Whether fine-tuning would be the right remedy."""

from __future__ import annotations

from dataclasses import replace

from conductor.core.evaluation import Verdict
from conductor.core.fine_tuning import AGAINST, FOR, OPEN, examine
from conductor.core.judged import Judged, Poor
from conductor.core.learning import LoraRule, candidates

MODELS = {"sha256:small": "qwen3:0.6b", "sha256:large": "qwen3:4b"}


def poor(number: int, digest: str = "sha256:small", mode: str = "wrong-label") -> Poor:
    return Poor(
        id=f"e{number}", task="t", failure_mode=mode, input_digest=f"i{number}", bound_digest=digest
    )


def judged(digest: str, verdict: Verdict, count: int, judge: str = "human") -> Judged:
    return Judged(
        task="t", bound_digest=digest, judge=judge, verdict=verdict, count=count, inputs=count
    )


def test_candidates_are_by_task_and_base_model():
    found = candidates(
        LoraRule(poor=3), [*map(poor, range(3)), poor(8, "sha256:large"), poor(9)], MODELS
    )
    assert [(one.model, one.matching) for one in found] == [("qwen3:0.6b", 4)]


def test_what_a_type_has_too_little_of_counts_for_its_parent():
    kinds = ["t.a", "t.a", "t.b.c", "t.d", "t.d", "t.d"]
    found = candidates(
        LoraRule(poor=3), [replace(poor(n), task=task) for n, task in enumerate(kinds)], MODELS
    )
    assert [(one.task, one.matching) for one in found] == [("t", 3), ("t.d", 3)]


def test_two_models_that_fail_together_do_not_make_a_candidate():
    mixed = [poor(1), poor(2), poor(3, "sha256:large")]
    assert candidates(LoraRule(poor=3), mixed, MODELS) == ()
    assert candidates(LoraRule(poor=3), mixed)  # nothing is known about models: as one


def test_a_larger_model_that_does_it_speaks_against():
    (candidate,) = candidates(LoraRule(poor=3), list(map(poor, range(10))), MODELS)
    rows = [
        judged("sha256:small", Verdict.POOR, 10),
        judged("sha256:small", Verdict.GOOD, 10),
        judged("sha256:large", Verdict.GOOD, 30),
        judged("sha256:small", Verdict.GOOD, 5, judge="claude"),
    ]
    found = examine(candidate, rows, MODELS, uses=500, needed=40)
    assert (found.now, found.at_most, found.tally.judge) == (50, 100, "human")
    form, larger, often, enough = found.questions
    assert form.speaks == AGAINST  # a closed set of labels is cheaper
    assert (larger.speaks, larger.answer) == (AGAINST, "qwen3:4b does: 30 of 30 accepted")
    assert often.speaks == enough.speaks == FOR


def test_what_nobody_knows_stays_open():
    (candidate,) = candidates(
        LoraRule(poor=3), [poor(n, mode="invented-content") for n in range(3)], MODELS
    )
    found = examine(
        candidate, [judged("sha256:small", Verdict.POOR, 3)], MODELS, uses=3, needed=100
    )
    assert [one.speaks for one in found.questions] == [OPEN, OPEN, OPEN, AGAINST]
    assert (found.now, found.at_most) == (0, 100)
