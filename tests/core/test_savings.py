"""An account that books nothing as saved that nobody saw: rows, grades and prices."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.core.footprint import READ, SESSION, SKILL, WRITTEN, footprint
from conductor.core.judged import Outputs
from conductor.core.price import Price, Tokens
from conductor.core.run import RunStatus
from conductor.core.savings import (
    BRIEFS,
    CONTEXT,
    FAILED,
    JUDGED,
    REJECTED,
    UNJUDGED,
    UNKNOWN,
    Grade,
    Row,
    Savings,
    savings,
)
from conductor.core.tokens import CONDENSED
from conductor.core.usage import Usage
from tests.samples import used

OPUS = Price(input=4, cache_write=5, output=20, currency="USD", date="2026-11-23", source="s")


def row(found: Savings, name: str) -> Row:
    (one,) = (row for row in found.rows if row.name == name)
    return one


def test_what_was_judged_is_measured_and_pays_its_own_costs():
    outputs = Outputs(
        bound_digest="a",
        judged_runs=4,
        accepted_runs=3,
        accepted_tokens=300,
        poor_runs=1,
        poor_tokens=100,
        judge_tokens=50,
    )
    found = row(savings([used("a", 4, 400)], [outputs]), JUDGED)
    assert (found.count, found.gross, found.rework) == (4, 400, (100, 100))
    assert found.least == Tokens(400 - 100 - 50 - 4 * WRITTEN, -(4 * READ + 400))
    assert found.most == Tokens(300, -50)
    assert found.grade is Grade.MEASURED


def test_the_rest_of_a_judged_form_is_bounded_by_the_interval_of_what_was_poor():
    outputs = Outputs(
        bound_digest="a", accepted_runs=9, accepted_tokens=900, poor_runs=1, poor_tokens=100
    )
    found = row(savings([used("a", 110, 11_000)], [outputs]), UNJUDGED)
    assert (found.count, found.gross, found.grade) == (100, 10_000, Grade.BOUNDED)
    assert found.rework == (178, 4_042)  # 1 of 10: 1.79 % to 40.42 % by Wilson


def test_the_rest_of_a_judged_form_is_not_shown_either():
    outputs = Outputs(bound_digest="a", accepted_runs=9, accepted_tokens=900_000)
    found = savings([used("a", 109, 10_900_000)], [outputs])
    judged, context = row(found, JUDGED).least, row(found, CONTEXT).least
    assert row(found, UNJUDGED).least.written > 0
    assert found.headline == judged.plus(context)


def test_what_nobody_judged_is_never_shown_as_saved():
    found = savings([used("a", 1, 1_000_000)], [])
    assert row(found, UNKNOWN).rework == (0, 1_000_000)
    assert row(found, UNKNOWN).grade is Grade.ASSUMED
    assert found.headline == Tokens(0, -(SESSION + SKILL))


@pytest.mark.parametrize(
    ("status", "name", "read"),
    [(RunStatus.REJECTED, REJECTED, 77), (RunStatus.FAILED, FAILED, 0)],
)
def test_a_call_that_failed_costs_and_saves_nothing(status: RunStatus, name: str, read: int):
    found = savings([used("a", 2, 77, status=status)], [])
    assert row(found, name).least == Tokens(-2 * WRITTEN, -(2 * READ + read))
    assert found.gross == 0
    assert found.most == Tokens(0, 0)


def test_the_context_is_assumed_once_a_day():
    found = savings([used("a", 5, 0), used("a", 1, 0, day="2026-11-25")], [])
    assert row(found, CONTEXT).count == 2
    assert row(found, CONTEXT).least == Tokens(0, -2 * (SESSION + SKILL))


def test_a_brief_spares_the_reading_of_what_it_leaves_out_and_no_writing():
    outputs = Outputs(
        bound_digest="b",
        judged_runs=4,
        accepted_runs=3,
        accepted_tokens=12_000,
        poor_runs=1,
        poor_tokens=4_000,
        judge_tokens=50,
    )
    brief = used("b", 10, 40_000, estimator=f"{CONDENSED}@125%", output_tokens=6_000)
    found = savings([brief], [outputs])
    judged, rest, unknown = (row(found, name) for name in BRIEFS)
    # A poor one: everything is read after all, and the brief's 600 tokens were for nothing.
    assert judged.least == Tokens(-4 * WRITTEN - 50, 12_000 - 4 * READ - 600)
    assert judged.most == Tokens(0, 12_000 - 50)
    assert (judged.grade, rest.grade, unknown.count) == (Grade.MEASURED, Grade.BOUNDED, 0)
    assert rest.gross == 24_000
    assert (found.gross, found.rework, found.per_run) == (0, 0, 0)
    assert found.headline == judged.least.plus(Tokens(0, -(SESSION + SKILL)))


def test_a_brief_that_nobody_judged_is_never_shown_as_saved():
    found = savings([used("b", 1, 9_000, estimator=CONDENSED, output_tokens=600)], [])
    assert found.headline.read < 0
    assert row(found, BRIEFS[2]).least.read == -READ - 600


def test_without_a_brief_the_account_has_no_rows_for_them():
    assert not {one.name for one in savings([used("a", 1, 60)], []).rows} & {*BRIEFS}


TOKENS, RUNS = st.integers(0, 10_000), st.integers(0, 50)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Usage], list[Outputs]]:
    usage, outputs = [], []
    for form in ("a", "b", "c"):
        accepted, poor, rest = draw(RUNS), draw(RUNS), draw(RUNS)
        each = draw(st.integers(1, 300))
        usage.append(used(form, accepted + poor + rest, (accepted + poor + rest) * each))
        usage.append(used(form, draw(RUNS), draw(TOKENS), status=draw(st.sampled_from(RunStatus))))
        judged = Outputs(
            bound_digest=form,
            judged_runs=accepted + poor,
            accepted_runs=accepted,
            accepted_tokens=accepted * each,
            poor_runs=poor,
            poor_tokens=poor * each,
            judge_tokens=draw(TOKENS),
        )
        outputs += [judged] if accepted + poor else []
    usage = [one for one in usage if one.status is not RunStatus.SUCCEEDED or one.runs]
    return usage, outputs


@given(histories())
def test_every_output_is_in_one_row_and_no_end_is_above_the_other(history):
    found = savings(*history)
    assert sum(row.gross for row in found.rows) == found.gross
    for one in found.rows:
        assert 0 <= one.rework[0] <= one.rework[1] <= one.gross
        assert OPUS.of(one.least) <= OPUS.of(one.most)


@given(histories(), st.integers(1, 50), TOKENS)
def test_what_is_shown_never_rises_by_what_nobody_judged(history, runs: int, tokens: int):
    usage, outputs = history
    before = savings(usage, outputs).headline
    for status in RunStatus:
        more = [*usage, used("new", runs, tokens, status=status, day="2026-11-30")]
        after = savings(more, outputs).headline
        assert after.written <= before.written
        assert after.read <= before.read


def test_the_context_is_not_counted_twice():
    """`footprint` adds the cost of calls and reading itself, so it starts from before them."""
    outputs = Outputs(bound_digest="a", accepted_runs=10, accepted_tokens=10_000, judge_tokens=500)
    found = savings([used("a", 10, 10_000)], [outputs])
    assert found.per_run == 950
    assert footprint(found.per_run).saved_per_run == 950


def test_money_tells_writing_from_reading():
    assert OPUS.of(Tokens(1_000_000, -1_000_000)) == 15
    assert replace(OPUS, cache_write=None).of(Tokens(0, -1_000_000)) == -4
