from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.core.execution import AgentResult, AgentStatus
from conductor.core.prediction import Prediction, predict
from conductor.core.run import RunStatus
from tests.samples import run

ENSEMBLE = {
    "agents": [
        {"name": "a", "max_tokens": 100, "model_profile": "small"},
        {"name": "b", "max_tokens": 200, "model_profile": "large"},
        {"name": "join"},
    ]
}
MODELS = (("large", "slow"), ("small", "fast"))


def told(*past, digest: str = "sha256:bound") -> tuple[int, int, int, str]:
    found = predict(ENSEMBLE, digest, MODELS, past)
    return round(found.low), round(found.seconds), round(found.high), found.basis


def wrote(model: str, tokens: int, seconds: float) -> AgentResult:
    return AgentResult(
        name=model,
        status=AgentStatus.SUCCEEDED,
        model=model,
        output_tokens=tokens,
        seconds=seconds,
    )


def test_many_runs_take_as_long_as_all_of_them():
    one, two = (Prediction(seconds=n, low=n / 2, high=n * 2, basis=f"{n}") for n in (4.0, 6.0))
    both = one.then(two).times(3)
    assert (both.low, both.seconds, both.high, both.basis) == (15, 30, 60, "4.0")


UNKNOWN = "no measurement yet: only bounds are known"


def test_without_any_run_only_wide_bounds_are_given_and_said_to_be():
    assert told() == (6, 11, 105, UNKNOWN)


def test_a_model_that_was_never_measured_keeps_the_span_wide():
    other = run("r1", bound_digest="sha256:other", agents=(wrote("fast", 100, 2.0),), seconds=5.0)
    low, _, high, basis = told(other)
    assert basis == "fast writes 50 tokens/s here"
    assert (low, high) == (4, 72)  # 200 tokens at 100/s or at 3/s


def test_earlier_runs_of_the_same_form_say_it_best():
    past = [run(f"r{n}", seconds=took) for n, took in enumerate([100.0, 1.0, 2.0, 3.0, 4.0, 50.0])]
    assert told(*past) == (1, 3, 60, "as long as the last 5 runs")


def test_one_run_alone_leaves_a_span():
    assert told(run("r1", seconds=10.0)) == (5, 10, 20, "as long as the last run")


def test_other_work_lengthens_what_may_come_and_is_told():
    quiet = predict(ENSEMBLE, "sha256:bound", MODELS, [run("r1", seconds=10.0)])
    busy = predict(ENSEMBLE, "sha256:bound", MODELS, [run("r1", seconds=10.0)], slowdown=9.0)
    assert (busy.low, busy.seconds, busy.high) == (quiet.low, 30.0, quiet.high * 9)
    told = "; other work keeps this machine busy: up to 9 times as long"
    assert busy.basis == quiet.basis + told


@given(slowdown=st.floats(1, 100), share=st.floats(0, 1))
def test_the_likely_time_is_never_further_off_than_the_root_of_the_slowdown(slowdown, share):
    """Whether the earlier run was made alone or beside as much work: the truth lies in between."""
    found = predict(ENSEMBLE, "sha256:bound", MODELS, [run("r1", seconds=10.0)], slowdown=slowdown)
    truth = 10.0 * slowdown**share
    assert max(truth / found.seconds, found.seconds / truth) <= sqrt(slowdown) * 1.001
    assert found.low <= truth <= found.high


def test_a_model_that_wrote_fast_and_slowly_keeps_the_span_as_wide():
    past = [
        run(f"r{n}", bound_digest="sha256:other", agents=(wrote("fast", 100, took),), seconds=took)
        for n, took in enumerate([2.0, 20.0])
    ]
    low, seconds, high, basis = told(*past)
    assert basis == "fast writes 5 to 50 tokens/s here"
    assert (low, seconds, high) == (1, 11, 87)  # 100 tokens at 5 to 50/s, 200 at 3 to 100/s


def test_other_ensembles_on_the_same_models_say_how_fast_they_write():
    agents = (wrote("fast", 100, 2.0), wrote("slow", 50, 10.0))
    other = run("r1", bound_digest="sha256:other", agents=agents, seconds=15.0)
    # 100 tokens at 50/s and 200 at 5/s take 42 s; starting took 3 s.
    basis = "slow writes 5 tokens/s here, fast writes 50 tokens/s here"
    assert told(other) == (11, 28, 45, basis)


def test_too_few_tokens_say_nothing_about_a_speed():
    other = run("r1", bound_digest="sha256:other", agents=(wrote("slow", 9, 9.0),), seconds=9.0)
    assert told(other)[3] == UNKNOWN


def test_what_failed_says_nothing():
    assert told(run("r1", status=RunStatus.FAILED, seconds=0.1))[1] == 11


@pytest.mark.parametrize(
    ("low", "high", "span"),
    [(30, 60, "30-60 s"), (0.1, 0.2, "1 s"), (40, 119, "40-119 s"), (60, 290, "1-5 min")],
)
def test_a_span_is_said_as_people_say_it(low, high, span):
    assert Prediction(seconds=low, low=low, high=high, basis="").span == span
