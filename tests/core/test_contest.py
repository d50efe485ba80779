"""What may be said of an ensemble against its rival, and how few inputs say nothing."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.core.contest import Answer, Contest, Pair, Trial
from conductor.core.paired import LEAST, differs, middle


def trial(met: int, tokens: int = 100, failure: str = "") -> Trial:
    return Trial(met=met, asked=3, unmet=(), tokens=tokens, seconds=tokens / 10, failure=failure)


def contest(*scores: tuple[int, int], tokens: int = 300) -> Contest:
    pairs = (
        Pair(example=str(number), ours=trial(ours, tokens), theirs=trial(theirs))
        for number, (ours, theirs) in enumerate(scores)
    )
    return Contest(ensemble="swarm", rival="single", pairs=tuple(pairs))


WIN, TIE, LOSS = (3, 1), (2, 2), (1, 3)


@pytest.mark.parametrize(
    ("scores", "answer"),
    [
        ([WIN] * 5, Answer.OPEN),  # five of five happen by chance once in sixteen
        ([WIN] * 6, Answer.YES),
        ([WIN] * 6 + [TIE] * 20, Answer.YES),
        ([WIN] * 7 + [LOSS], Answer.OPEN),
        ([LOSS] * 6, Answer.NO),
        ([TIE] * 5, Answer.OPEN),
        ([TIE] * 6, Answer.NO),
        ([WIN, LOSS] * 3, Answer.NO),
        ([WIN] * 4 + [LOSS] * 2, Answer.OPEN),
    ],
)
def test_it_takes_six_inputs_to_say_yes_or_no(scores, answer):
    assert contest(*scores).earns is answer


def test_what_is_alike_and_no_dearer_may_stay():
    assert contest(*[TIE] * 8, tokens=90).earns is Answer.OPEN


@pytest.mark.parametrize(
    ("scores", "sentence"),
    [
        (
            [WIN, TIE],
            "too few inputs to tell, it takes 6 at least:"
            " so far better on 1 of 2, worse on 0, for 3.0 times the tokens",
        ),
        (
            [WIN] * 6,
            "`swarm` earns its keep against `single`:"
            " better on 6 of 6, worse on 0, for 3.0 times the tokens",
        ),
        (
            [TIE] * 6,
            "`swarm` does not earn its keep:"
            " better on 0 of 6, worse on 0, for 3.0 times the tokens; use `single`",
        ),
        (
            [WIN] * 4 + [LOSS] * 2,
            "not shown that `swarm` earns its keep:"
            " better on 4 of 6, worse on 2, for 3.0 times the tokens",
        ),
    ],
)
def test_the_answer_is_one_plain_sentence(scores, sentence):
    assert contest(*scores).sentence == sentence


def test_what_did_not_run_to_its_end_says_nothing_about_quality():
    one = contest(WIN, LOSS)
    failed = Pair(example="x", ours=trial(0, failure="the server is gone"), theirs=trial(3))
    more = Contest(ensemble="swarm", rival="single", pairs=(*one.pairs, failed))
    assert (more.ours, more.theirs, more.worse) == (one.ours, one.theirs, one.worse)


def test_sides_add_up_and_say_how_sure_they_are():
    side = contest(WIN, TIE).ours
    assert (side.met, side.asked, side.whole, side.inputs) == (5, 6, 1, 2)
    assert (side.tokens, side.seconds) == (600, 60.0)
    assert side.interval_percent == (9, 91)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=30))
def test_the_middle_lies_in_its_interval_and_few_values_have_none(values):
    found = middle(values)
    assert (found.interval is None) == (len(values) < LEAST)
    if found.interval:
        low, high = found.interval
        assert min(values) <= low <= found.value <= high <= max(values)


@given(st.integers(6, 60))
def test_the_interval_is_the_narrowest_that_covers_95_percent(count):
    found = middle([float(number) for number in range(count)]).interval
    assert found is not None
    left = int(found[0])  # values below the interval; as many lie above it
    assert found[1] == count - 1 - left

    def missed(outside: int) -> float:
        return float(2 * sum(comb(count, heads) for heads in range(outside + 1)) / 2**count)

    assert missed(left) < 0.05 <= missed(left + 1)


@given(st.integers(0, 30), st.integers(0, 30))
def test_neither_side_is_favoured(more, less):
    assert differs(more, less) == differs(less, more)
