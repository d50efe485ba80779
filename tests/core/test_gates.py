"""The gates: each flips by the smallest change that it names, and the worst answer is the whole."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.core import gates
from conductor.core.closure import Gap, Kind
from conductor.core.evaluation import Verdict
from conductor.core.gates import Assessed, Counted, Linted, Size
from conductor.core.promotion import Gate
from conductor.core.readiness import Answer, GateResult, Readiness
from conductor.core.tier import Tier

LIBRARY = Gate(tier="library", good=5, distinct_inputs=3, assessment=True)


@given(st.integers(0, 9), st.integers(0, 9), st.integers(1, 9), st.integers(1, 9))
def test_evaluations_flip_exactly_at_the_number_that_they_name(good, inputs, needed, distinct):
    gate = Gate(tier="library", good=needed, distinct_inputs=distinct)
    result = gates.evaluations("n", gate, Counted(good=good, inputs=min(inputs, good)))
    enough = good >= needed and min(inputs, good) >= distinct
    assert result.answer is (Answer.PASS if enough else Answer.WAITING)
    assert bool(result.change) == bool(result.command) == (not enough)


def test_older_evaluations_are_named_with_what_changed():
    seen = Counted(good=1, inputs=1, poor=2, older=((3, "script `scripts/join.py` changed"),))
    result = gates.evaluations("n", LIBRARY, seen)
    assert result.seen == (
        "1 of 5 good on this content, 1 of 3 different inputs (and 2 poor);"
        " 3 earlier good no longer count: script `scripts/join.py` changed"
    )
    assert result.change == "4 times more judged good, 2 of them on an input that it has not had"


def test_runs_that_wait_are_judged_before_new_ones_are_made():
    assert gates.evaluations("n", LIBRARY, Counted(pending=1)).command == (
        "conductor evaluate --pending"
    )


@pytest.mark.parametrize(
    ("seen", "answer"),
    [
        (Linted(), Answer.PASS),
        (Linted(warnings=2), Answer.PASS),
        (Linted(waived=("P206: it is the subject",)), Answer.WAIVED),
        (Linted(inconclusive=("M301: no size",), waived=("x",)), Answer.INCONCLUSIVE),
        (Linted(errors=("a", "b"), inconclusive=("x",)), Answer.ACT),
    ],
)
def test_lint_never_passes_what_it_could_not_check(seen: Linted, answer: Answer):
    assert gates.lint("n", Tier.LIBRARY, seen).answer is answer


def test_the_closure_is_complete_and_meets_nothing_in_its_way():
    gap = Gap(Kind.SCRIPT, "scripts/x.py", "worker")
    assert gates.closure(3, [], []).answer is Answer.PASS
    assert gates.closure(3, [gap], ["profiles/p.yaml"]).answer is Answer.ACT
    assert gates.closure(3, [], ["profiles/p.yaml"]).answer is Answer.BLOCKED


def test_no_engine_is_neither_a_pass_nor_a_failure():
    answers = [gates.isolation(one).answer for one in ("", "no such script", None)]
    assert answers == [Answer.PASS, Answer.ACT, Answer.INCONCLUSIVE]


def assessed(verdict: Verdict, digest: str = "sha256:now") -> Assessed:
    return Assessed(
        judge="claude", verdict=verdict, reasoning="r", failure_mode="", text_digest=digest
    )


@pytest.mark.parametrize(
    ("seen", "required", "answer"),
    [
        (None, True, Answer.ACT),
        (None, False, Answer.PASS),
        (assessed(Verdict.GOOD), True, Answer.PASS),
        (assessed(Verdict.GOOD, "sha256:then"), True, Answer.ACT),
        (assessed(Verdict.POOR), True, Answer.CONSENT),  # it informs, and stops nothing alone
    ],
)
def test_an_assessment_counts_for_the_content_that_was_read(seen, required, answer):
    gate = Gate(tier="library", good=5, assessment=required)
    assert gates.assessment("n", gate, Tier.LIBRARY, "sha256:now", seen).answer is answer


@pytest.mark.parametrize(
    ("size", "answer"), [(4.0, Answer.PASS), (4.1, Answer.ACT), (None, Answer.INCONCLUSIVE)]
)
def test_evidence_of_too_big_a_model_does_not_count(size, answer):
    one = Size(profile="conductor-small", model="m", size=size, limit=4.0)
    assert gates.models([one]).answer is answer


@given(st.lists(st.sampled_from(Answer), min_size=1), st.sampled_from([Tier.GLOBAL, Tier.LIBRARY]))
def test_the_worst_answer_is_the_answer(answers: list[Answer], tier: Tier):
    results = tuple(GateResult(gate=str(n), answer=one, seen="") for n, one in enumerate(answers))
    whole = Readiness(ensemble="n", tier=tier, text_digest="", bound_digest="", gates=results)
    assert whole.overall.badness == max(one.badness for one in answers)
    stops = {Answer.WAITING, Answer.ACT, Answer.BLOCKED}
    stops |= {Answer.INCONCLUSIVE} if tier is Tier.LIBRARY else set()
    assert whole.ready == (not stops & set(answers))


def test_every_gate_says_what_it_saw_and_how_to_change_its_mind():
    for good, gap in product((0, 5), ([], [Gap(Kind.PROFILE, "p", "a")])):
        for one in (gates.evaluations("n", LIBRARY, Counted(good=good)), gates.closure(1, gap, [])):
            assert one.seen
            assert bool(one.change) == (one.answer is not Answer.PASS)
