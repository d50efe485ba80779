"""What cases show, against deciding every point."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conductor.core.condition import ALL, ANY, NOT, Atom, Group, holds, words
from conductor.core.coverage import goals
from conductor.core.facts import Scalar
from conductor.core.mutants import mutants
from conductor.core.policy import Policy, Rule
from conductor.core.suite import KINDS, MISTAKE, cases_for, example, measure
from tests.core.test_difference import POINTS as FACTS
from tests.core.test_difference import POLICIES, SPECS, decided, policy

POINTS: list[dict[str, Scalar]] = [dict(point) for point in FACTS]  # type: ignore[arg-type]
EXAMPLES = st.lists(st.sampled_from(POINTS), max_size=6)


def every(one: Policy):
    return [example(one, point) for point in POINTS]


@given(POLICIES)
def test_the_cases_for_all_gaps_leave_none(one: Policy):
    gaps = measure(one, []).gaps
    made = [example(one, gap.facts) for gap in cases_for(one, gaps)]
    assert measure(one, made).gaps == ()


@given(POLICIES, EXAMPLES)
def test_what_is_called_impossible_is_shown_by_no_point(one: Policy, points):
    """All points together show everything that can be shown at all: the rest must be impossible."""
    few = measure(one, [example(one, point) for point in points])
    all_ = measure(one, every(one))
    for kind in KINDS:
        assert few.total(kind).possible == all_.total(kind).possible == all_.total(kind).shown
    assert all_.gaps == ()


@given(POLICIES)
def test_a_mistake_that_changes_nothing_decides_every_point_as_before(one: Policy):
    equivalent = sum(
        all(decided(one, point)[1] == decided(mutant.policy, point)[1] for point in POINTS)
        for mutant in mutants(one)
    )
    assert measure(one, []).total(MISTAKE).impossible == equivalent


@given(POLICIES, st.sampled_from(POINTS))
def test_a_condition_is_shown_where_turning_its_answer_turns_the_rule(one: Policy, point):
    for goal in goals(one):
        rule = one.rules[goal.index]
        same = [atom for atom in atoms(rule.when) if goal.what.startswith(f"{words(atom)} decides")]
        if goal.kind == "condition" and len(same) == 1 and holds(goal.where, point):
            with_, without = (holds(forced(rule.when, goal.what, way), point) for way in (1, 0))
            assert with_ != without


def atoms(when) -> list[Atom]:
    return [when] if isinstance(when, Atom) else [one for part in when.parts for one in atoms(part)]


def forced(when, what: str, answer: int):
    """Replace every comparison that `what` names by a constant answer."""
    if isinstance(when, Atom):
        same = what.startswith(f"{words(when)} decides")
        return Group(ALL if answer else ANY, ()) if same else when
    return Group(when.kind, tuple(forced(part, what, answer) for part in when.parts))


def test_a_way_to_matter_that_cannot_occur_is_not_asked_for():
    small = Atom("size", "lt", 5)
    one = policy(Rule("small", Group(ANY, (small, Atom("size", "lt", 3))), "ask", reason="x"))
    score = measure(one, []).total("condition")
    # `size lt 3` can never hold alone.
    assert (score.possible, score.impossible) == (3, 1)


def test_both_sides_of_a_boundary_are_wanted():
    one = policy(Rule("small", Atom("size", "lt", 5), "ask", reason="x"))
    four = measure(one, [example(one, {"size": 4})])
    assert (four.total("boundary").shown, four.total("boundary").possible) == (1, 2)
    (gap,) = (gap for gap in four.gaps if gap.kind == "boundary")
    assert (gap.what, gap.facts) == ("size lt 5 decides at 5", {"size": 5})


def test_a_case_shows_nothing_about_rules_behind_the_one_that_decides():
    first = Rule("first", Atom("safe", "eq", True), "ask", reason="x")
    second = Rule("second", Atom("size", "lt", 5), "claude", reason="x")
    coverage = measure(policy(first, second), [example(policy(first, second), {"safe": True})])
    assert coverage.scores["second"]["condition"].shown == 0
    assert coverage.scores["first"]["rule"].shown == 1


def test_every_fact_of_an_example_is_known():
    assert example(policy(), {"size": 3}).values.keys() == SPECS.keys()


def test_two_mistakes_told_in_the_same_words_are_two_gaps():
    few, many = Group(NOT, (Atom("size", "gt", 1),)), Group(NOT, (Atom("size", "lt", 8),))
    one = policy(Rule("r", Group(ANY, (few, many)), "ask", reason="x"))
    gaps = measure(one, []).gaps
    same = [gap for gap in gaps if gap.what == "the alternative on a `not` is gone"]
    assert len(same) == 2
    made = [example(one, gap.facts) for gap in cases_for(one, reversed(same))]
    assert len(made) == 2
    left = [gap for gap in measure(one, made).gaps if gap.what == same[0].what]
    assert left == []
