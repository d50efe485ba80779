"""The algebra of fact space, against counting every point."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.core.condition import ALL, ANY, NOT, Atom, Group, holds
from conductor.core.facts import FactSpec
from conductor.core.policy import Rule
from conductor.core.reach import dead_rules
from conductor.core.space import Space

SPECS = {
    "size": FactSpec("size", "integer", 0, low=-2, high=9),
    "task": FactSpec("task", "enum", "a", values=("a", "b", "c")),
    "safe": FactSpec("safe", "boolean", False),
}
POINTS = [
    {"size": size, "task": task, "safe": safe}
    for size, task, safe in product(range(-2, 10), ("a", "b", "c"), (True, False))
]
ORDERINGS = st.sampled_from(["lt", "le", "gt", "ge", "eq", "ne"])
ATOMS = st.one_of(
    st.builds(Atom, st.just("size"), ORDERINGS, st.integers(-3, 10)),
    st.builds(
        Atom,
        st.just("size"),
        st.sampled_from(["in", "not_in"]),
        st.tuples(st.integers(-2, 9), st.integers(-2, 9)),
    ),
    st.builds(Atom, st.just("task"), st.sampled_from(["eq", "ne"]), st.sampled_from("abc")),
    st.builds(
        Atom,
        st.just("task"),
        st.sampled_from(["in", "not_in"]),
        st.lists(st.sampled_from("abc")).map(tuple),
    ),
    st.builds(Atom, st.just("safe"), st.sampled_from(["eq", "ne"]), st.booleans()),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.builds(
        Group, st.sampled_from([ALL, ANY, NOT]), st.lists(inner, max_size=3).map(tuple)
    ),
    max_leaves=6,
)
RULES = st.lists(CONDITIONS, min_size=1, max_size=6).map(
    lambda whens: [Rule(f"r{n}", when, "local", reason="") for n, when in enumerate(whens)]
)
FREE = {"size": 12, "task": 3, "safe": 2}


def missing(space: Space) -> int:
    """How many points a point of the space stands for."""
    result = 1
    for name, size in FREE.items():
        result *= 1 if name in space.facts else size
    return result


@given(CONDITIONS)
def test_a_region_is_as_big_as_the_points_in_which_its_condition_holds(condition):
    space = Space(SPECS, [condition])
    counted = sum(holds(condition, point) for point in POINTS)
    assert space.size(space.region(condition)) * missing(space) == counted


@given(CONDITIONS)
def test_a_witness_is_a_point_in_which_the_condition_holds(condition):
    space = Space(SPECS, [condition])
    for box in space.region(condition):
        assert holds(condition, POINTS[0] | space.witness(box))


@given(CONDITIONS, CONDITIONS)
def test_sets_obey_their_laws(one, two):
    space = Space(SPECS, [one, two])
    a, b = space.region(one), space.region(two)
    both, only = space.intersect(a, b), space.subtract(a, b)
    assert space.size(both) + space.size(only) == space.size(a)
    assert space.intersect(only, b) == []
    assert space.covered(a, b) == (only == [])
    assert space.size(space.disjoint([*a, *b])) == space.size(a) + space.size(b) - space.size(both)


@given(RULES)
def test_dead_rules_are_those_that_no_point_reaches(rules):
    reached = set()
    for point in POINTS:
        reached |= {next((rule.id for rule in rules if holds(rule.when, point)), "")}
    dead = {one.rule for one in dead_rules(SPECS, rules)}
    assert dead == {rule.id for rule in rules} - reached


@given(RULES)
def test_the_rules_that_take_a_dead_one_suffice_and_none_of_them_can_be_left_out(rules):
    for one in dead_rules(SPECS, rules):
        names = [name for name, _ in one.taken]
        takers = [rule for rule in rules[: one.index] if rule.id in names]
        mine = [point for point in POINTS if holds(rules[one.index].when, point)]
        first = [
            next(rule.id for rule in takers if holds(rule.when, point)) for point in mine
        ]  # StopIteration: they do not suffice
        assert dict(one.taken) == pytest.approx(
            {name: 100 * first.count(name) / len(mine) for name in names}
        )
        for left_out in takers:
            rest = [rule for rule in takers if rule is not left_out]
            assert not all(any(holds(rule.when, point) for rule in rest) for point in mine)


def test_a_box_is_described_by_what_it_admits():
    condition = Group(
        ALL, (Atom("size", "lt", 5), Atom("task", "ne", "b"), Atom("safe", "eq", True))
    )
    space = Space(SPECS, [condition, Atom("size", "ge", 7), Atom("size", "lt", 0)])
    (box,) = space.region(condition)
    assert space.describe(box) == {"size": "up to 4", "task": "a or c", "safe": "true"}
    assert space.witness(box) == {"size": 0, "task": "a", "safe": True}
    (low,) = space.region(Atom("size", "lt", 0))
    assert space.witness(low)["size"] == -1
    (high,) = space.region(Atom("size", "ge", 7))
    assert space.describe(high) == {"size": "7 and more"}


def test_only_values_that_conditions_tell_apart_are_told_apart():
    space = Space(SPECS, [Atom("size", "lt", 5), Atom("task", "eq", "a")])
    assert [[one.values for one in classes] for classes in space.classes] == [
        [(-2, 4), (5, 9)],
        [("a",), ("b", "c")],
    ]


def test_a_point_within_some_values_of_a_fact():
    space = Space(SPECS, [Atom("task", "eq", "a"), Atom("task", "eq", "b")])
    assert space.size(space.within(space.whole, "task", ["a", "c"])) == 2
    assert space.within(space.whole, "task", ["nothing"]) == []


@given(st.lists(CONDITIONS, min_size=1, max_size=4))
def test_joining_boxes_keeps_every_point(conditions):
    space = Space(SPECS, conditions)
    region = space.disjoint([box for one in conditions for box in space.region(one)])
    joined = space.joined(region)
    assert len(joined) <= len(region)
    assert space.size(joined) == space.size(region)
    assert space.subtract(region, joined) == []


@given(CONDITIONS, st.lists(CONDITIONS, max_size=4))
def test_shares_are_what_is_left_for_each(condition, others):
    space = Space(SPECS, [condition, *others])
    rest, regions = space.region(condition), [space.region(one) for one in others]
    for region, share in zip(regions, space.shares(rest, regions), strict=True):
        assert space.size(space.intersect(rest, region)) == share
        rest = space.subtract(rest, region)


@given(CONDITIONS)
def test_the_plainest_point_differs_from_the_defaults_in_the_fewest_facts(condition):
    space = Space(SPECS, [condition])
    if region := space.region(condition):
        defaults = {name: spec.default for name, spec in SPECS.items()}

        def unusual(box):
            return sum(defaults[name] != value for name, value in space.witness(box).items())

        assert len(space.unusual(region)) == min(map(unusual, region))
