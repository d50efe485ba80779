"""The quick decision against `decide`: the same for every task, right or wrong."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conductor.core.decide import decide
from conductor.core.facts import read
from conductor.core.judge import judge, outcome
from conductor.errors import UsageError
from tests.core.test_decide import FACTS, POLICY
from tests.core.test_difference import POINTS, POLICIES, decided

JUDGE = judge(POLICY)
ANYTHING = st.one_of(
    st.booleans(), st.integers(), st.text(max_size=5), st.none(), st.floats(), st.just("python")
)


@given(POLICIES)
def test_every_point_is_decided_alike(policy):
    quick = judge(policy)
    assert [quick(point) for point in POINTS] == [decided(policy, point) for point in POINTS]
    for point in POINTS:
        rule, said = decided(policy, point)
        start = next((at for at, one in enumerate(policy.rules) if one.id == rule), 0)
        assert outcome(policy, point) == outcome(policy, point, start=start) == said


@given(FACTS)
def test_facts_that_are_not_given_take_their_defaults(facts):
    decision = decide(POLICY, given=facts)
    assert JUDGE(facts) == (decision.rule, decision.outcome)


@given(FACTS, st.sampled_from([*POLICY.facts, "no-such-fact"]), ANYTHING)
def test_what_is_not_declared_so_is_refused_alike(facts, name, value):
    wrong = {**facts, name: value}
    assert said(JUDGE, wrong) == said(slowly, wrong)


def slowly(facts):
    decision = decide(POLICY, given={name: read(POLICY.facts, name, facts[name]) for name in facts})
    return decision.rule, decision.outcome


def said(decider, facts):
    try:
        return decider(facts)
    except UsageError as error:
        return error.message
