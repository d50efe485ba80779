"""Sampling, evidence, savings, learning and tiers: the numbers that decisions are made from."""

from __future__ import annotations

from dataclasses import replace
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.core.evaluation import Verdict
from conductor.core.evidence import snapshot, tally, weigh, wilson
from conductor.core.judged import Judged, Outputs, Poor
from conductor.core.learning import LoraRule, candidates
from conductor.core.promotion import Gate, standings
from conductor.core.run import RunStatus
from conductor.core.sampling import Known, Sampling, draw, due
from conductor.core.savings import savings
from conductor.core.usage import add_up
from tests.samples import evaluation, run, tallies

SAMPLING = Sampling(
    calibration_uses=5, rate=0.15, established_uses=20, established_acceptance_percent=80
)
POOR, ACCEPTABLE, GOOD = Verdict.POOR, Verdict.ACCEPTABLE, Verdict.GOOD


def drawn(below: bool) -> str:
    return next(str(n) for n in range(1000) if (draw(str(n)) < SAMPLING.rate) is below)


def decide(run_id: str = "x", *, uses: int, judged: int = 0, accepted: int = 0):
    return due(SAMPLING, run_id, Known(uses=uses, judged=judged, accepted=accepted))


# --- sampling


@pytest.mark.parametrize("uses", range(5))
def test_the_first_five_uses_are_always_judged(uses):
    judged = decide(drawn(below=False), uses=uses)
    assert (judged.due, judged.reason) == (True, f"use {uses + 1} of 5 in calibration")


@pytest.mark.parametrize("below", [True, False])
def test_from_the_sixth_use_on_the_draw_decides(below):
    judged = decide(drawn(below), uses=5)
    assert judged.due is below
    assert judged.reason.startswith("drawn: " if below else "not drawn: ")


@pytest.mark.parametrize(
    ("uses", "judged", "accepted", "is_due"),
    [
        (20, 10, 10, True),
        (21, 10, 8, True),
        (21, 10, 9, False),
        (21, 0, 0, True),
        (21, 100, 81, False),
    ],
)
def test_established_means_more_than_20_uses_and_more_than_80_percent(
    uses, judged, accepted, is_due
):
    assert decide(drawn(below=True), uses=uses, judged=judged, accepted=accepted).due is is_due


@given(st.text())
def test_a_draw_is_the_same_each_time_and_below_one(run_id):
    assert 0 <= draw(run_id) == draw(run_id) < 1


def test_draws_spread_evenly():
    draws = [draw(str(number)) for number in range(5000)]
    assert abs(mean(draws) - 0.5) < 0.02
    assert abs(mean(one < 0.15 for one in draws) - 0.15) < 0.02


# --- evidence


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_interval_holds_the_share_and_stays_in_bounds(accepted, judged):
    accepted = min(accepted, judged)
    low, high = wilson(accepted, judged)
    assert 0 <= low <= accepted / judged + 1e-9
    assert accepted / judged - 1e-9 <= high <= 1


@given(st.integers(1, 50), st.integers(2, 20))
def test_more_judgements_of_the_same_share_narrow_the_interval(judged, times):
    few, many = wilson(judged // 2, judged), wilson(judged // 2 * times, judged * times)
    assert many[1] - many[0] < few[1] - few[0]


def test_the_interval_is_the_one_in_the_textbook():
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_only_what_ran_is_a_use_and_failures_are_not_judged():
    runs = [
        run("r1"),
        run("r2", status=RunStatus.REJECTED),
        run("r3", status=RunStatus.FAILED),
        run("r4", status=RunStatus.INTERRUPTED),
    ]
    (found,) = weigh(
        add_up(runs), tallies(evaluation("e1", "r1"), evaluation("e2", "r2", verdict=POOR))
    )
    assert (found.uses, found.rejected) == (2, 1)
    assert (found.leading.judged, found.leading.accepted) == (2, 1)


def test_evaluations_of_an_older_form_no_longer_count():
    older, newer = run("r1", bound_digest="sha256:older"), run("r2")
    (found,) = weigh(
        add_up([older, newer]), tallies(evaluation("e1", older), evaluation("e2", newer))
    )
    assert (found.bound_digest, found.uses, found.leading.judged) == (newer.bound_digest, 1, 1)


def test_judges_are_never_mixed_and_the_busiest_one_leads():
    counted = tally(
        [
            evaluation("e1", judge="human", verdict=GOOD),
            evaluation("e2", judge="claude", verdict=POOR),
            evaluation("e3", judge="claude", verdict=ACCEPTABLE),
        ]
    )
    assert [(one.judge, one.poor, one.acceptable, one.good) for one in counted] == [
        ("claude", 1, 1, 0),
        ("human", 0, 0, 1),
    ]
    claudes = [evaluation(name, judge="claude") for name in ("e2", "e3")]
    (found,) = weigh(add_up([run()]), tallies(evaluation("e1"), *claudes))
    assert found.leading.judge == "claude"


def test_the_snapshot_holds_whole_numbers_rounded_against_us():
    judged = [evaluation(f"e{n}", verdict=POOR if n == 0 else GOOD) for n in range(3)]
    document = snapshot(weigh(add_up([run()]), tallies(*judged)), SAMPLING, {})
    entry = document["ensembles"]["summarize-document"]
    assert (entry["uses"], entry["judged"], entry["accepted"]) == (1, 3, 2)
    assert (entry["acceptance_percent"], entry["lower_percent"]) == (66, 20)


FINE = "summarization.minutes"


def test_a_type_counts_by_itself_once_enough_of_it_is_judged():
    runs = [run("r1"), *(run(f"f{n}", task=FINE) for n in range(3))]
    kinds = [("summarization", GOOD, 9), (FINE, POOR, 9), (FINE, GOOD, 1)]
    judged = [
        Judged(
            task=task,
            bound_digest=run().bound_digest,
            judge="claude",
            verdict=verdict,
            count=count,
            inputs=count,
        )
        for task, verdict, count in kinds
    ]
    (found,) = weigh(add_up(runs), {}, judged=judged)
    assert found.task == "summarization"
    (fine, whole) = (found.by_task[task] for task in (FINE, "summarization"))
    assert (fine.uses, fine.tally.judged, fine.tally.accepted) == (3, 10, 1)
    assert (whole.uses, whole.tally.judged, whole.tally.accepted) == (4, 19, 10)
    few = replace(SAMPLING, type_judged=11)
    known = [
        snapshot([found], one, {})["ensembles"]["summarize-document"]["tasks"]
        for one in (SAMPLING, few)
    ]
    assert [sorted(one) for one in known] == [["summarization", FINE], ["summarization"]]
    assert known[0][FINE] == {"uses": 3, "acceptance_percent": 10, "lower_percent": 1}


# --- savings


def test_what_failed_saved_nothing_and_what_is_poor_has_to_be_done_again():
    runs = [
        run("r1", claude_tokens=100),
        run("r2", claude_tokens=40),
        run("r3", claude_tokens=999, status=RunStatus.REJECTED),
        run("r4", claude_tokens=0, status=RunStatus.FAILED),
    ]
    outputs = Outputs(bound_digest="sha256:bound", poor_runs=1, poor_tokens=40, judge_tokens=7)
    found = savings(add_up(runs), [outputs])
    assert (found.gross, found.rework, found.judging, found.per_run) == (140, 40, 7, 46)
    assert (found.succeeded, found.rejected, found.failed, found.interrupted) == (2, 1, 1, 0)
    assert (found.input_tokens, found.output_tokens) == (400, 200)
    assert found.estimators == ("word-pieces-1@125%",)


# --- learning


def poor(number: int, mode: str, *, of: str = ""):
    digest = of or f"sha256:{number}"
    return Poor(id=f"e{number}", task="extraction", failure_mode=mode, input_digest=digest)


def find(*judged):
    return [
        (one.task, one.failure_mode, one.matching, one.poor)
        for one in candidates(LoraRule(poor=3), judged)
    ]


@pytest.mark.parametrize(
    ("modes", "found"),
    [
        (["a", "a"], []),
        (["a", "a", "a"], [("extraction", "a", 3, 3)]),
        (["a", "a", "b"], []),
        (["a", "a", "a", "b"], []),
        (["a", "a", "a", "b", "b"], []),
        (["a", "a", "a", "a", "b"], [("extraction", "a", 4, 5)]),
        (["a", "a", "a", "a", "b", "b"], []),
    ],
)
def test_three_poor_outputs_with_one_failure_mode_make_a_candidate(modes, found):
    assert find(*(poor(number, mode) for number, mode in enumerate(modes))) == found


def test_one_input_counts_once_however_often_it_was_run():
    assert find(*(poor(number, "a", of="sha256:same") for number in range(3))) == []


def test_task_types_are_apart():
    other = replace(poor(3, "a"), task="classification")
    assert find(poor(1, "a"), poor(2, "a"), other) == []


# --- tiers


def test_good_verdicts_count_towards_both_tiers_the_nearer_first():
    (found,) = weigh(add_up([run()]), tallies(*(evaluation(f"e{n}") for n in range(4))))
    gates = (Gate(tier="library", good=5), Gate(tier="global", good=3))
    steps = [(one.tier, one.good, one.needed, one.reached) for one in standings(found, gates)]
    assert steps == [("global", 4, 3, True), ("library", 4, 5, False)]
