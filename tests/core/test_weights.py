"""Volume by declared weights, against weighing every point."""

from __future__ import annotations

from fractions import Fraction
from math import prod

import pytest
from hypothesis import given

from conductor.core.condition import holds
from conductor.core.diagram import fingerprint
from conductor.core.difference import flips, shared_space
from conductor.core.facts import FactSpec, Scalar
from conductor.core.layers import riskier
from conductor.core.overlaps import overlaps, remainder
from conductor.core.reach import dead_rules
from conductor.core.space import Space
from conductor.core.weights import written
from tests.core.test_analysis import changed, layered, says
from tests.core.test_difference import POLICIES, decided
from tests.core.test_space import CONDITIONS, POINTS, RULES

SIZES = (((-2, 0), 7), ((1, 2, 8, 9), 2), ((3, 7), 5))
TASKS = ((("a",), 3), (("b", "c"), 4))
SPECS = {
    "size": FactSpec("size", "integer", 0, low=-2, high=9, weights=SIZES),
    "task": FactSpec("task", "enum", "a", values=("a", "b", "c"), weights=TASKS),
    "safe": FactSpec("safe", "boolean", False),
}
# What one value of a fact weighs: the part's weight, evenly over its values.
EACH: dict[str, dict[Scalar, Fraction]] = {
    "size": {
        **dict.fromkeys(range(-2, 1), Fraction(7, 3)),
        **dict.fromkeys((1, 2, 8, 9), Fraction(2, 4)),
        **dict.fromkeys(range(3, 8), Fraction(5, 5)),
    },
    "task": {"a": Fraction(3), "b": Fraction(4, 2), "c": Fraction(4, 2)},
    "safe": dict.fromkeys((False, True), Fraction(1)),
}


def weight(points) -> Fraction:
    each = (prod((EACH[name][point[name]] for name in EACH), start=Fraction(1)) for point in points)
    return sum(each, Fraction(0))


WHOLE = weight(POINTS)


@given(CONDITIONS)
def test_the_volume_of_a_region_is_what_its_points_weigh(condition):
    space = Space(SPECS, [condition])
    share = Fraction(space.volume(space.region(condition)), space.volume([space.whole]))
    assert share == weight(point for point in POINTS if holds(condition, point)) / WHOLE


@given(RULES)
def test_what_takes_a_dead_rule_takes_it_by_weight(rules):
    for one in dead_rules(SPECS, rules):
        mine = [point for point in POINTS if holds(rules[one.index].when, point)]
        first = [
            next(name for name, _ in one.taken if holds(_rule(rules, name).when, point))
            for point in mine
        ]
        parts = {
            name: 100 * weight(p for p, by in zip(mine, first, strict=True) if by == name)
            for name, _ in one.taken
        }
        assert dict(one.taken) == pytest.approx(
            {name: float(part / weight(mine)) for name, part in parts.items()}
        )


def _rule(rules, name):
    return next(rule for rule in rules if rule.id == name)


@given(POLICIES, POLICIES)
def test_a_difference_says_both_how_many_points_and_how_much_weight(one, two):
    old, new = changed(one, facts=SPECS), changed(two, facts=SPECS)
    space = shared_space(old, new)
    for flip in flips(old, new, space):
        points = [
            point
            for point in POINTS
            if decided(old, point) == (flip.old_rule, flip.old_outcome)
            and decided(new, point) == (flip.new_rule, flip.new_outcome)
        ]
        assert flip.share == pytest.approx(100 * len(points) / len(POINTS))
        expected = flip.share if flip.expected is None else flip.expected
        assert flip.volume == expected
        if space.weighted:
            assert flip.expected == pytest.approx(float(100 * weight(points) / WHOLE))


@given(POLICIES)
def test_overlaps_and_what_no_rule_decides_are_ranked_by_weight(policy):
    layers = layered(changed(policy, facts=SPECS))
    for one in overlaps(layers):
        both = [
            point
            for point in POINTS
            if decided(policy, point)[0] == policy.rules[one.index].id
            and holds(policy.rules[one.other].when, point)
        ]
        assert riskier(policy.rules[one.index].outcome, policy.rules[one.other].outcome)
        assert one.volume == pytest.approx(float(100 * weight(both) / WHOLE))
    rest = [point for point in POINTS if not decided(policy, point)[0]]
    assert remainder(layers).share == pytest.approx(float(100 * weight(rest) / WHOLE))
    assert all(says(policy.rules, point)[0] == "claude" for point in rest)


@given(POLICIES)
def test_weights_say_nothing_about_what_is_decided(policy):
    assert fingerprint(changed(policy, facts=SPECS)) == fingerprint(policy)


@pytest.mark.parametrize(
    ("values", "text"),
    [((0, 0), "0"), ((1, 2, 8, 9), "1..2 and 8..9"), (("a", "b"), "a, b"), ((True,), "true")],
)
def test_a_part_is_written_as_it_is_declared(values, text):
    assert written(values) == text
