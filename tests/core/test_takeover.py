"""When a local judge may judge alone, and what takes that away from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.core.agreement import Handover
from conductor.core.canary import Canary, drawn, garbled, swapped
from conductor.core.changes import LOOSER, TIGHTER, Change
from conductor.core.entries import Context, Transition
from conductor.core.takeover import Canaries, JudgeState, disabled_after, routine, settled

JUDGE = "local:j@01234567"
RULE = Handover(judged=30, poor=10, kappa_percent=60, recall_percent=70)
FIT = Handover(judged=30, poor=10, kappa_percent=60, recall_percent=70, judges=(JUDGE,))
NONE = Canaries(planted=0, found=0)
GOOD = ("The ledger is append-only and lies on a disk.", "It says: append-only, on a disk.")


def note(number: int, state: str, judge: str = JUDGE) -> Transition:
    context = Context(ensemble=judge)
    return Transition(id=f"t-{number}", at="", context=context, state=state, run="", reason="")


@pytest.mark.parametrize(
    ("rule", "lacking", "planted", "disabled", "state"),
    [
        (RULE, (), NONE, False, JudgeState.CANDIDATE),  # nobody lets it
        (FIT, ("too few",), NONE, False, JudgeState.CANDIDATE),  # a person alone is not enough
        (FIT, (), NONE, False, JudgeState.ROUTINE),
        (FIT, (), Canaries(planted=9, found=8), False, JudgeState.ROUTINE),
        (FIT, (), Canaries(planted=5, found=1), False, JudgeState.DISABLED),
        (FIT, ("too few",), NONE, True, JudgeState.DISABLED),  # until it has shown itself again
        (FIT, (), NONE, True, JudgeState.ROUTINE),
    ],
)
def test_it_takes_agreement_a_person_and_canaries(rule, lacking, planted, disabled, state):
    assert settled(rule, JUDGE, lacking, planted, disabled=disabled)[0] is state


@given(st.integers(0, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))))
def test_a_judge_that_finds_enough_is_never_disabled(counts: tuple[int, int]):
    planted, found = counts
    seen = Canaries(planted=planted, found=found)
    if planted == 0 or found * 100 >= RULE.recall_percent * planted:
        assert seen.failing(RULE) == ""
    if planted >= 3 and found == 0:
        assert seen.failing(RULE)


def test_the_newest_note_of_a_judge_counts():
    notes = [note(1, "routine"), note(2, "disabled"), note(3, "routine", "local:k@01234567")]
    assert routine(notes) == {"local:k@01234567"}
    assert disabled_after(notes, JUDGE) == "t-2"
    assert routine([*notes, note(4, "routine")]) == {JUDGE, "local:k@01234567"}
    assert routine([note(1, "routine", "an-ensemble")]) == frozenset()


def test_an_output_for_another_input_is_poor_unless_it_could_be_right():
    other = ("Bananas are grown in many warm countries of the world.", "Bananas, warm countries.")
    assert swapped(GOOD, other) == Canary(kind="swapped", input=GOOD[0], output=other[1])
    assert swapped(GOOD, (other[0], GOOD[1])) is None
    assert swapped(GOOD, (GOOD[0] + " ", other[1])) is None


def test_the_words_of_a_text_are_mixed_and_a_label_is_left():
    mixed = garbled((GOOD[0], "one two three four five six seven eight nine"))
    assert mixed
    assert sorted(mixed.output.split()) == sorted(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    )
    assert mixed.output.split()[0] != "one" or mixed.output.split()[1] != "two"
    assert garbled((GOOD[0], "bug")) is None


def test_canaries_come_as_often_as_the_policy_says():
    assert 60 < sum(drawn(f"run-{number}", 10) for number in range(1_000)) < 140


@pytest.mark.parametrize(
    ("old", "new", "tends"),
    [([], [JUDGE], LOOSER), ([JUDGE], [], TIGHTER), ([JUDGE], ["local:k@01234567"], LOOSER)],
)
def test_letting_a_judge_judge_alone_loosens_a_policy(old, new, tends):
    assert Change(path="sampling.handover.judges", old=old, new=new).tends == tends
