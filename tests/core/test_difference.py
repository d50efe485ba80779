"""Semantic difference and mutants, against deciding every point."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from conductor.core.condition import Atom
from conductor.core.decide import decide
from conductor.core.difference import flips, shared_space
from conductor.core.facts import FactSpec
from conductor.core.mutants import mutants
from conductor.core.policy import Candidate, Policy, Rule
from conductor.core.signals import Signals
from tests.core.test_space import CONDITIONS

SPECS = {
    "size": FactSpec("size", "integer", 0, low=-2, high=9),
    "task": FactSpec("task", "enum", "a", values=("a", "b", "c")),
    "safe": FactSpec("safe", "boolean", False),
}
POINTS = [
    {"size": size, "task": task, "safe": safe}
    for size, task, safe in product(range(-2, 10), ("a", "b", "c"), (True, False))
]


def policy(*rules: Rule, candidates: str = "a", templates: str = "b") -> Policy:
    return Policy(
        facts=SPECS,
        signals=Signals(),
        rules=rules,
        default_reason="default",
        candidates={task: (Candidate("one", "sha256:1"),) for task in candidates},
        templates=dict.fromkeys(templates, "swarm"),
        sources=(),
        revision="",
    )


OUTCOMES = st.sampled_from(["local", "claude", "ask"])
POLICIES = st.builds(
    lambda parts, candidates, templates: policy(
        *(Rule(f"r{n}", when, outcome, reason="x") for n, (when, outcome) in enumerate(parts)),
        candidates=candidates,
        templates=templates,
    ),
    st.lists(st.tuples(CONDITIONS, OUTCOMES), max_size=4),
    st.sampled_from(["", "a", "ab"]),
    st.sampled_from(["", "b", "abc"]),
)


def decided(one: Policy, point) -> tuple[str, str]:
    decision = decide(one, given=point)
    return decision.rule, decision.outcome


def brute(old: Policy, new: Policy) -> dict[tuple[str, str, str, str], int]:
    """How many points change, by what decides them before and after."""
    counts: dict[tuple[str, str, str, str], int] = {}
    for point in POINTS:
        before, after = decided(old, point), decided(new, point)
        if before[1] != after[1]:
            key = (*before, *after)
            counts[key] = counts.get(key, 0) + 1
    return counts


def exact(old: Policy, new: Policy) -> dict[tuple[str, str, str, str], int]:
    space = shared_space(old, new)
    return {
        (one.old_rule, one.old_outcome, one.new_rule, one.new_outcome): round(
            one.share * len(POINTS) / 100
        )
        for one in flips(old, new, space)
    }


@given(POLICIES, POLICIES)
def test_the_difference_of_two_policies_is_what_deciding_every_point_finds(old, new):
    assert exact(old, new) == brute(old, new)


@given(POLICIES, st.data())
def test_an_edit_of_one_policy_too(old, data):
    if not old.rules:
        return
    at = data.draw(st.integers(0, len(old.rules) - 1))
    rule = Rule("edited", data.draw(CONDITIONS), data.draw(OUTCOMES), reason="x")
    kept = list(old.rules)
    kept[at : at + data.draw(st.integers(0, 1))] = [rule]
    slots = {name: getattr(old, name) for name in Policy.__slots__}
    new = Policy(**{**slots, "rules": tuple(kept)})
    assert exact(old, new) == brute(old, new)


@given(POLICIES, POLICIES)
def test_every_example_really_changes_as_it_is_said_to(old, new):
    for flip in flips(old, new, shared_space(old, new)):
        assert decided(old, flip.witness) == (flip.old_rule, flip.old_outcome)
        assert decided(new, flip.witness) == (flip.new_rule, flip.new_outcome)


@given(POLICIES)
def test_a_policy_does_not_differ_from_itself(one):
    assert flips(one, one, shared_space(one, one)) == []


def test_towards_smaller_models_is_riskier():
    here = Atom("safe", "eq", True)
    local, claude = (
        policy(Rule("r", here, outcome, reason="x"), candidates="abc")
        for outcome in ("local", "claude")
    )
    (up,) = flips(claude, local, shared_space(claude, local))
    (down,) = flips(local, claude, shared_space(claude, local))
    assert (up.riskier, down.riskier) == (True, False)
    assert up.boxes == ({"safe": "true"},)
    assert up.witness == {"safe": True}
    assert up.share == 50
    assert replace(up, share=0.0) != up


@given(POLICIES)
def test_no_mutant_is_the_policy_itself(one):
    for mutant in mutants(one):
        assert mutant.policy.rules != one.rules
        assert mutant.what


def test_every_kind_of_small_mistake_is_made():
    size, task = Atom("size", "lt", 5), Atom("task", "in", ("a", "b"))
    one = policy(
        Rule("first", size, "local", reason="x"),
        Rule("second", task, "claude", reason="x"),
        Rule("third", Atom("safe", "eq", True), "claude", reason="x"),
    )
    assert [(mutant.rule, mutant.what) for mutant in mutants(one)] == [
        ("first", "size lt 5 became 4"),
        ("first", "size lt 5 became 6"),
        ("first", "size lt 5 became ge"),
        ("first", "local became claude"),
        ("first", "the rule is gone"),
        ("second", "task in a, b lost a"),
        ("second", "task in a, b lost b"),
        ("second", "task in a, b took c as well"),
        ("second", "claude became local"),
        ("second", "the rule is gone"),
        ("third", "safe eq true became ne"),
        ("third", "claude became local"),
        ("third", "the rule is gone"),
        ("first", "changed places with second"),
    ]
