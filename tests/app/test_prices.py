"""Prices and the course of time, as the report needs them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from conductor.app.prices import baselines
from conductor.app.timeline import periods
from conductor.core.run import RunStatus
from conductor.core.usage import Usage, add_up
from tests.samples import run

PRICE = {"input": 4.0, "cache_write": None, "output": 20.0, "currency": "USD", "source": "s"}
MODELS = {
    "savings": {"baselines": ["big", "small"], "stale_days": 90},
    "price": [{"model": "big", "date": "2026-08-25", **PRICE}],
}
(PLAIN,) = add_up([run()])


def test_a_baseline_has_its_price_or_none():
    big, small = baselines(MODELS, "2026-11-23")
    assert (big.model, big.price and big.price.date, big.stale) == ("big", "2026-08-25", False)
    assert (small.model, small.price, small.stale) == ("small", None, False)


def test_a_price_is_stale_after_the_days_that_the_policy_says():
    assert baselines(MODELS, "2026-11-24")[0].stale


def on(day: date, runs: int = 1, status: RunStatus = RunStatus.SUCCEEDED) -> Usage:
    return replace(PLAIN, day=day.isoformat(), runs=runs, claude_tokens=10 * runs, status=status)


@given(st.lists(st.dates(date(2020, 1, 1), date(2021, 12, 1)), min_size=1, max_size=5))
def test_time_has_no_gaps_and_loses_no_run(days: list[date]):
    found = periods([on(day) for day in days])
    begins = [date.fromisoformat(one.day) for one in found.each]
    assert {b - a for a, b in pairwise(begins)} <= {timedelta(found.days)}
    assert sum(one.runs for one in found.each) == len(days)
    assert begins[0] <= min(days)
    assert max(days) < begins[-1] + timedelta(found.days)
    assert found.days == 1 or all(one.weekday() == 0 for one in begins)


def test_what_did_not_pass_is_told_apart():
    day = date(2026, 11, 24)
    (one,) = periods([on(day, 3), on(day, 2, RunStatus.REJECTED)]).each
    assert (one.runs, one.saved, one.lost) == (5, 30, 20)
