"""The fingerprint: equal exactly when no decision differs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conductor.core.condition import ALL, Atom, Group
from conductor.core.decide import decide
from conductor.core.diagram import fingerprint
from conductor.core.facts import FactSpec
from conductor.core.policy import Rule
from tests.core.test_analysis import changed
from tests.core.test_difference import POINTS, POLICIES, SPECS, policy
from tests.core.test_space import CONDITIONS


def all_decisions(policy):
    """Everything that a decision says beyond who made it and why."""
    decisions = []
    for point in POINTS:
        one = decide(policy, given=point)
        failure = one.on_failure if one.outcome in ("local", "compose") else ""
        decisions.append((one.outcome, one.ensemble, one.template, failure))
    return decisions


@given(POLICIES, POLICIES)
def test_it_is_equal_exactly_when_no_decision_differs(one, two):
    same = all_decisions(one) == all_decisions(two)
    assert (fingerprint(one) == fingerprint(two)) == same


@given(POLICIES, CONDITIONS, st.integers(0, 4))
def test_an_edit_that_changes_no_decision_leaves_no_trace(one, when, at):
    extra = Rule("extra", when, "claude", reason="x")
    edited = changed(one, rules=(*one.rules[:at], extra, *one.rules[at:]))
    same = all_decisions(one) == all_decisions(edited)
    assert (fingerprint(one) == fingerprint(edited)) == same


@given(POLICIES)
def test_names_reasons_facts_nobody_looks_at_and_their_order_leave_no_trace(one):
    rules = tuple(
        Rule(f"other-{rule.id}", rule.when, rule.outcome, reason="else") for rule in one.rules
    )
    unused = FactSpec("unused", "integer", 0, low=0, high=5)
    facts = {"unused": unused} | dict(reversed(SPECS.items()))
    assert fingerprint(changed(one, rules=rules, facts=facts)) == fingerprint(one)


def test_where_a_failed_output_goes_is_part_of_the_meaning():
    here = Group(ALL, (Atom("task", "eq", "a"),))
    one, two = (
        policy(Rule("r", here, "local", reason="x", on_failure=failure))
        for failure in ("claude", "ask")
    )
    assert fingerprint(one) != fingerprint(two)
