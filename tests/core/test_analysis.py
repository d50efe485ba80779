"""Floors, invariants, superfluous parts and overlaps, against deciding every point."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conductor.core.condition import Atom, holds
from conductor.core.decide import decide
from conductor.core.difference import flips, shared_space
from conductor.core.floors import Floor, breaches
from conductor.core.layers import Layers, action, riskier
from conductor.core.overlaps import overlaps, remainder
from conductor.core.policy import OUTCOMES, Policy, Rule
from conductor.core.reach import dead_rules
from conductor.core.redundancy import can_become, mergeable, neutral
from tests.core.test_difference import POINTS, POLICIES, SPECS, decided
from tests.core.test_difference import policy as plain
from tests.core.test_space import CONDITIONS

IMPOSSIBLE = st.lists(CONDITIONS, max_size=1).map(tuple)
FLOORS = st.builds(
    lambda when, allows: Floor(id="f", when=when, allows=tuple(allows)),
    CONDITIONS,
    st.sets(st.sampled_from(OUTCOMES), min_size=1),
)


def changed(policy: Policy, **slots: object) -> Policy:
    return Policy(**{**{name: getattr(policy, name) for name in Policy.__slots__}, **slots})


def possible(impossible):
    return [point for point in POINTS if not any(holds(one, point) for one in impossible)]


def says(rules, point):
    """What the first rule that holds does, as it is written."""
    rule = next((rule for rule in rules if holds(rule.when, point)), None)
    return action(rule) if rule else ("claude", "", "", "claude")


def layered(policy: Policy, impossible=(), others=()) -> Layers:
    return Layers(policy.facts, policy.rules, impossible=impossible, others=others)


@given(POLICIES, FLOORS, IMPOSSIBLE)
def test_a_floor_holds_exactly_when_no_point_below_it_is_decided_otherwise(policy, floor, never):
    found = {
        (one.rule, one.outcome) for one in breaches(changed(policy, impossible=never), [floor])
    }
    expected = set()
    by_id = {rule.id: rule for rule in policy.rules}
    for point in possible(never):
        if holds(floor.when, point):
            rule, outcome = decided(policy, point)
            outcomes = {outcome}
            if rule:
                outcomes |= {by_id[rule].outcome}
                if by_id[rule].outcome == "local":
                    outcomes |= {by_id[rule].on_failure}
            expected |= {(rule, one) for one in outcomes - set(floor.allows)}
    assert found == expected


@given(POLICIES, FLOORS, IMPOSSIBLE)
def test_the_example_of_a_breach_lies_in_the_floor_and_is_decided_by_that_rule(
    policy, floor, never
):
    for one in breaches(changed(policy, impossible=never), [floor]):
        point = {name: spec.default for name, spec in SPECS.items()} | one.witness
        assert holds(floor.when, point)
        assert decided(policy, point)[0] == one.rule
        assert not any(holds(condition, point) for condition in never)


@given(POLICIES, IMPOSSIBLE)
def test_dead_rules_are_those_that_no_possible_point_reaches(policy, never):
    reached = {decided(policy, point)[0] for point in possible(never)}
    dead = {one.rule for one in dead_rules(SPECS, policy.rules, never)}
    assert dead == {rule.id for rule in policy.rules} - reached


@given(POLICIES, POLICIES, IMPOSSIBLE, IMPOSSIBLE)
def test_two_policies_differ_only_where_one_of_them_says_it_is_possible(one, two, never, nor):
    old, new = changed(one, impossible=never), changed(two, impossible=nor)
    found = {(f.old_rule, f.new_rule) for f in flips(old, new, shared_space(old, new))}
    expected = set()
    for point in POINTS:
        if point in possible(never) or point in possible(nor):
            before, after = decided(one, point), decided(two, point)
            expected |= {(before[0], after[0])} if before[1] != after[1] else set()
    assert found == expected


@given(POLICIES, IMPOSSIBLE)
def test_a_neutral_rule_is_one_whose_loss_no_point_notices(policy, never):
    layers = layered(policy, never)
    for index, rule in enumerate(policy.rules):
        rest = (*policy.rules[:index], *policy.rules[index + 1 :])
        points = possible(never)
        alike = all(says(policy.rules, point) == says(rest, point) for point in points)
        dead = not any(decided(policy, point)[0] == rule.id for point in points)
        assert (index in set(neutral(layers))) == (alike and not dead)


@given(POLICIES, CONDITIONS, st.data())
def test_a_rule_can_have_another_condition_exactly_when_no_point_notices(policy, when, data):
    if not policy.rules:
        return
    at = data.draw(st.integers(0, len(policy.rules) - 1))
    old = policy.rules[at]
    new = Rule(old.id, when, old.outcome, reason="x")
    rules = (*policy.rules[:at], new, *policy.rules[at + 1 :])
    alike = all(says(policy.rules, point) == says(rules, point) for point in POINTS)
    assert can_become(layered(policy, others=[when]), at, when) == alike


@given(POLICIES, IMPOSSIBLE)
def test_overlaps_are_counted_point_by_point(policy, never):
    expected = {}
    for index, rule in enumerate(policy.rules):
        own = [point for point in possible(never) if decided(policy, point)[0] == rule.id]
        for other in range(index + 1, len(policy.rules)):
            later = policy.rules[other]
            both = [point for point in own if holds(later.when, point)]
            if both and riskier(rule.outcome, later.outcome):
                expected[index, other] = round(100 * len(both) / len(own), 6)
    found = {(o.index, o.other): round(o.share, 6) for o in overlaps(layered(policy, never))}
    assert found == expected


@given(POLICIES, IMPOSSIBLE)
def test_what_reaches_the_default_is_counted_point_by_point(policy, never):
    points = possible(never)
    if not points:
        return
    rest = remainder(layered(policy, never))
    count = sum(decided(policy, point)[0] == "" for point in points)
    assert round(rest.share, 6) == round(100 * count / len(points), 6)
    assert round(sum(share for share, _ in rest.boxes), 6) == round(rest.share, 6)


def test_neighbours_that_fill_one_box_could_be_one():
    below, above = Atom("size", "lt", 3), Atom("size", "eq", 3)
    apart = Atom("size", "gt", 5)
    rules = [
        Rule(f"r{n}", when, "local", reason="x") for n, when in enumerate([below, above, apart])
    ]
    assert list(mergeable(Layers(SPECS, rules))) == [0]


def test_a_floor_asks_where_a_failed_output_goes_too():
    rule = Rule("r", Atom("safe", "eq", True), "local", reason="x", on_failure="claude")
    policy = plain(rule, candidates="abc", templates="")
    floor = Floor(id="stays-here", when=Atom("safe", "eq", True), allows=("local", "ask"))
    (found,) = breaches(policy, [floor])
    assert (found.rule, found.outcome, found.after_failure) == ("r", "claude", True)
    assert decide(policy, given={"safe": True, "task": "a"}).outcome == "local"
