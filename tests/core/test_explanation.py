"""Nearest change, certainty and the next question, against deciding every point."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conductor.core.condition import Atom
from conductor.core.decide import decide
from conductor.core.explanation import explanation
from conductor.core.facts import FactSpec
from conductor.core.policy import Rule
from tests.core.test_analysis import changed
from tests.core.test_difference import POINTS, POLICIES, decided, policy

TASKS = st.sampled_from(POINTS)
GIVEN = st.builds(
    lambda point, names: {name: point[name] for name in names},
    TASKS,
    st.sets(st.sampled_from(["size", "task", "safe"])),
)


def distance(one, two):
    return sum(one[name] != two[name] for name in one)


@given(POLICIES, TASKS)
def test_no_fewer_facts_change_the_outcome_and_these_do(one, point):
    decision = decide(one, given=point)
    nearest = explanation(one, decision).nearest
    others = [other for other in POINTS if decided(one, other)[1] != decision.outcome]
    assert (nearest is None) == (not others)
    if nearest:
        assert decided(one, point | dict(nearest.facts)) == (nearest.rule, nearest.outcome)
        assert len(nearest.facts) == min(distance(point, other) for other in others)


@given(POLICIES, GIVEN)
def test_the_possible_outcomes_are_those_of_all_points_with_the_given_facts(one, facts):
    why = explanation(one, decide(one, given=facts))
    like = [point for point in POINTS if all(point[name] == facts[name] for name in facts)]
    assert set(why.possible) == {decided(one, point)[1] for point in like}
    assert bool(why.ask) == (len(why.possible) > 1)
    assert not why.ask or why.ask in set(why.missing) - facts.keys()


@given(POLICIES, GIVEN)
def test_the_fact_to_find_out_matters_where_one_alone_can(one, facts):
    why = explanation(one, decide(one, given=facts))
    like = [point for point in POINTS if all(point[name] == facts[name] for name in facts)]

    def settles(name):
        answers = {}
        for point in like:
            answers.setdefault(point[name], set()).add(decided(one, point)[1])
        return any(len(outcomes) == 1 for outcomes in answers.values())

    if why.ask and any(settles(name) for name in why.missing):
        assert settles(why.ask)


def test_of_two_facts_that_settle_it_the_cheaper_is_asked_for():
    cheap, dear = (
        FactSpec(name, "boolean", default=False, cost=cost) for name, cost in (("a", 1), ("b", 5))
    )
    both = [Rule(f"r{n}", Atom(n, "eq", True), "ask", reason="x") for n in "ba"]
    facts = {"b": dear, "a": cheap}
    assert (
        explanation(
            changed(policy(*both, candidates="", templates=""), facts=facts),
            decide(changed(policy(*both, candidates="", templates=""), facts=facts)),
        ).ask
        == "a"
    )
