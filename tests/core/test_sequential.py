"""Tests that may be looked at after every result: held against sums, bounds and simulation."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from fractions import Fraction
from math import comb, exp, log
from random import Random
from statistics import mean

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from conductor.core.evidence import wilson
from conductor.core.sampling import ANYTIME, PLAIN, Known, Sampling, State, due, established, stage
from conductor.core.sequential import Drift, alarm, evidence_above, still_needed

SHARE = 0.8
PLAIN_POLICY = Sampling(
    calibration_uses=5, rate=0.15, established_uses=20, established_acceptance_percent=80
)
ANYTIME_POLICY = Sampling(
    calibration_uses=5,
    rate=0.15,
    established_uses=20,
    established_acceptance_percent=80,
    test=ANYTIME,
)
DRIFT = Drift(normal=0.05, drifted=0.2, false_alarm_uses=100)


# --- the bet


@given(st.integers(0, 60), st.integers(0, 60), st.sampled_from([0.5, 0.8, 0.95]))
def test_the_closed_form_is_the_mean_of_all_bets(accepted: int, rejected: int, share: float):
    steps = 4000
    width = (1 - share) / steps
    total = 0.0
    for step in range(steps):
        guess = share + (step + 0.5) * width
        odds = accepted * log(guess / share) + rejected * log((1 - guess) / (1 - share))
        total += exp(odds)
    found = evidence_above(accepted, accepted + rejected, share)
    assert found == pytest.approx(total / steps, rel=1e-3)


@given(st.integers(0, 99), st.integers(0, 99), st.floats(0.05, 0.95), st.floats(0, 1))
def test_no_share_up_to_the_bound_makes_the_bet_grow_on_average(accepted, rejected, share, part):
    """It is a supermartingale: the mean of what comes next is never above what is there."""
    true = share * part
    judged = accepted + rejected
    now = evidence_above(accepted, judged, share)
    assume(now < 1e250)
    after = true * evidence_above(accepted + 1, judged + 1, share)
    after += (1 - true) * evidence_above(accepted, judged + 1, share)
    assert after <= now * (1 + 1e-6)


@given(st.integers(0, 80), st.integers(0, 20))
def test_what_is_still_needed_is_enough_and_one_less_is_not(accepted: int, rejected: int):
    judged = accepted + rejected
    more = still_needed(accepted, judged, SHARE, 20)
    assert evidence_above(accepted + more, judged + more, SHARE) >= 20
    if more:
        assert evidence_above(accepted + more - 1, judged + more - 1, SHARE) < 20


def seeded(number: int) -> Random:
    return Random(number)  # noqa: S311 - a simulation that is the same each time


def looked_at(policy: Sampling, true: float, uses: int, random: Random) -> bool:
    """Judge use after use as the policy says, and look after each; True: ever established."""
    known = Known()
    for number in range(uses):
        if number < policy.calibration_uses or random.random() < policy.rate:
            accepted = known.accepted + (random.random() < true)
            known = Known(uses=number + 1, judged=known.judged + 1, accepted=accepted)
            if established(policy, known):
                return True
        else:
            known = replace(known, uses=number + 1)
    return established(policy, known)


def share_of(policy: Sampling, true: float, *, histories: int, uses: int) -> float:
    random = seeded(20261125)
    return mean(looked_at(policy, true, uses, random) for _ in range(histories))


def test_looking_after_every_use_cannot_cheat_the_anytime_test():
    """At exactly the bound, nobody may be established more often than `error_percent` says."""
    wrong = share_of(ANYTIME_POLICY, SHARE, histories=300, uses=400)
    assert wilson(round(wrong * 300), 300)[0] <= ANYTIME_POLICY.error_percent / 100


def test_looking_after_every_use_does_cheat_the_plain_test():
    """The reason why the other one exists: it is wrong far more often than one time in twenty."""
    assert share_of(PLAIN_POLICY, SHARE, histories=100, uses=400) > 0.5


def test_who_is_good_is_established_by_both():
    assert share_of(ANYTIME_POLICY, 0.98, histories=40, uses=600) > 0.9


# --- what people are told


@given(st.integers(0, 60), st.integers(0, 60), st.data())
def test_what_is_said_to_be_missing_is_what_is_missing(uses: int, judged: int, data):
    judged = min(judged, uses)
    accepted = data.draw(st.integers(0, judged))
    for policy in (PLAIN_POLICY, ANYTIME_POLICY):
        known = Known(uses=uses, judged=judged, accepted=accepted)
        proofs = {proof.name: proof for proof in stage(policy, known).proofs}
        proof = proofs[policy.test]
        assert list(proofs) == [PLAIN, ANYTIME]
        assert proof.passed is established(policy, known)
        assert proof.passed is (proof.needed_uses == 0)
        more = proof.needed_judged
        later = Known(
            uses=uses + max(more, proof.needed_uses),
            judged=judged + more,
            accepted=accepted + more,
        )
        assert established(policy, later)


@pytest.mark.parametrize(
    ("known", "state", "reason"),
    [
        (Known(), State.CALIBRATING, "0 of 5 uses, all of them judged"),
        (Known(uses=5, judged=5, accepted=5), State.SAMPLING, "15% of the uses are judged"),
        (
            Known(uses=21, judged=9, accepted=8),
            State.ESTABLISHED,
            "established: 21 uses, 88 % accepted",
        ),
        (
            Known(uses=2, drifted="4 of 6 uses failed"),
            State.DRIFTING,
            "4 of 6 uses failed; 2 of 5 uses, all of them judged",
        ),
        (
            Known(uses=7, drifted="4 of 6 uses failed"),
            State.SAMPLING,
            "15% of the uses are judged, after it drifted",
        ),
    ],
)
def test_each_state_has_its_reason(known: Known, state: State, reason: str):
    found = stage(PLAIN_POLICY, known)
    assert (found.state, found.reason) == (state, reason)


def test_an_established_ensemble_is_judged_only_where_the_policy_audits():
    known = Known(uses=30, judged=10, accepted=10)
    assert not any(due(PLAIN_POLICY, f"{n}", known).due for n in range(200))
    audited = Sampling(
        calibration_uses=5,
        rate=0.15,
        established_uses=20,
        established_acceptance_percent=80,
        audit_rate=0.1,
    )
    hits = [due(audited, f"{n}", known) for n in range(500)]
    assert abs(mean(one.due for one in hits) - 0.1) < 0.05
    assert {one.reason.split(":")[0] for one in hits} == {"audited", "not audited"}


# --- drift


def uses_until_alarm(drift: Drift, true: float, random: Random, *, most: int) -> int:
    """Count the uses up to the first alarm; an alarm once given stays in a longer history."""
    signs = [random.random() < true for _ in range(most)]
    if alarm(drift, signs) is None:
        return most
    return bisect_left(
        range(most), True, key=lambda length: alarm(drift, signs[:length]) is not None
    )


def test_false_alarms_are_as_rare_as_the_policy_says():
    random = seeded(1)
    lengths = [uses_until_alarm(DRIFT, DRIFT.normal, random, most=2000) for _ in range(40)]
    assert mean(lengths) > DRIFT.false_alarm_uses


def test_a_change_is_noticed_soon():
    random = seeded(2)
    lengths = [uses_until_alarm(DRIFT, 0.3, random, most=500) for _ in range(60)]
    assert mean(lengths) < 40


def test_an_alarm_counts_from_where_the_change_began():
    found = alarm(DRIFT, [False] * 40 + [True, True, False, True, True])
    assert found is not None
    assert (found.signs, found.uses) == (4, 5)


@given(st.lists(st.booleans(), max_size=60))
def test_without_a_sign_there_is_no_alarm_and_more_signs_never_silence_one(signs: list[bool]):
    assert alarm(DRIFT, [False] * len(signs)) is None
    if alarm(DRIFT, signs):
        assert alarm(DRIFT, [True] * len(signs))


@pytest.mark.parametrize(("accepted", "judged"), [(0, 3), (240, 300), (299, 300), (150, 300)])
def test_the_bet_on_many_results_is_the_sum_of_all_terms(accepted: int, judged: int):
    """P(Binomial(n+1, share) <= k) by its exact terms, as `evidence_above` explains."""
    part, trials = Fraction(4, 5), judged + 1
    tail = sum(
        comb(trials, number) * part**number * (1 - part) ** (trials - number)
        for number in range(accepted + 1)
    )
    rejected = judged - accepted
    beta = Fraction(1, (judged + 1) * comb(judged, accepted))
    exact = beta * tail / ((1 - part) * part**accepted * (1 - part) ** rejected)
    assert evidence_above(accepted, judged, SHARE) == pytest.approx(float(exact), rel=1e-9)
