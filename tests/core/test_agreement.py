"""How far a judge agrees with people: against a second reckoning, by laws, and by simulation."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.core.agreement import (
    Handover,
    Pair,
    agreement,
    bias,
    confusion,
    kappa_interval,
    missing,
    weighted_kappa,
)
from conductor.core.rubric import Verdict

POOR, ACCEPTABLE, GOOD = Verdict
RULE = Handover(judged=300, poor=45, kappa_percent=60, recall_percent=70)
PAIRS = st.builds(
    Pair,
    label=st.sampled_from(Verdict),
    given=st.sampled_from(Verdict),
    length=st.integers(0, 500),
)


def chance() -> Callable[[], float]:
    return Random(7).random  # noqa: S311 - a resampling that is the same each time


def simulated(number: int, right: float, *, seed: int) -> list[Pair]:
    """Judge like somebody who is right so often, and else says something at random."""
    random = Random(seed)  # noqa: S311 - a simulation that is the same each time
    labels = random.choices(list(Verdict), [15, 40, 45], k=number)
    return [
        Pair(
            label=label,
            given=label if random.random() < right else random.choice(list(Verdict)),
            length=random.randrange(20, 400),
        )
        for label in labels
    ]


@given(st.lists(PAIRS, min_size=2, max_size=40))
def test_kappa_is_what_the_squared_distances_say(pairs: list[Pair]):
    """With quadratic weights it is one less the mean squared error over that of all pairings."""
    rank = {verdict: number for number, verdict in enumerate(Verdict)}
    seen = fmean((rank[one.label] - rank[one.given]) ** 2 for one in pairs)
    chance = fmean((rank[one.label] - rank[two.given]) ** 2 for one in pairs for two in pairs)
    found = weighted_kappa(confusion(pairs))
    assert found == pytest.approx(1 - seen / chance if chance else 1.0)
    assert found <= 1.0


def test_agreement_is_one_chance_is_zero_and_the_opposite_is_less():
    assert weighted_kappa([[10, 0, 0], [0, 10, 0], [0, 0, 10]]) == 1.0
    assert weighted_kappa([[0, 0, 5], [0, 0, 0], [5, 0, 0]]) == pytest.approx(-1.0)
    assert weighted_kappa([[4, 4, 4], [4, 4, 4], [4, 4, 4]]) == pytest.approx(0.0)


def test_the_interval_holds_the_true_kappa_about_as_often_as_it_says():
    true = weighted_kappa(confusion(simulated(100_000, 0.8, seed=0)))
    held = 0
    for seed in range(1, 21):
        low, high = kappa_interval(simulated(80, 0.8, seed=seed), chance())
        held += low <= true <= high
    assert held >= 16


def test_a_good_judge_may_take_over_and_others_may_not():
    assert missing(RULE, agreement(simulated(400, 0.95, seed=1), chance())) == ()
    weak = missing(RULE, agreement(simulated(400, 0.5, seed=1), chance()))
    assert any("kappa" in one for one in weak)
    few = missing(RULE, agreement(simulated(60, 0.95, seed=1), chance()))
    assert "60 of 300 runs that people judged as well" in few


def test_who_calls_everything_good_finds_no_poor_one():
    kind = [Pair(label=one.label, given=GOOD, length=1) for one in simulated(300, 1, seed=2)]
    found = agreement(kind, chance())
    assert found.kappa == pytest.approx(0.0)
    assert (found.poor_found, found.poor > 0) == (0, True)
    assert missing(RULE, found)


def test_a_judge_who_likes_long_outputs_is_found_out():
    pairs = [
        Pair(label=one.label, given=GOOD if one.length > 250 else one.label, length=one.length)
        for one in simulated(200, 1, seed=5)
    ]
    found = agreement(pairs, chance())
    assert found.length.correlation > 0.2
    assert found.length.chance < 0.01
    assert found.order.chance > 0.05


def test_shuffled_errors_are_rarely_taken_for_a_bias():
    random = Random(4)  # noqa: S311 - a simulation that is the same each time
    seen = []
    for _ in range(20):
        errors = [float(random.randrange(-1, 2)) for _ in range(40)]
        seen.append(bias(errors, [float(number) for number in range(40)], chance()).chance < 0.05)
    assert sum(seen) <= 4


def test_without_spread_there_is_no_bias():
    assert bias([0.0, 0.0], [1.0, 2.0], chance()).chance == 1.0
