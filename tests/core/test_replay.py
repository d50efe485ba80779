"""Logged decisions under two policies."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conductor.core.condition import Atom
from conductor.core.evaluation import Verdict
from conductor.core.facts import Fact
from conductor.core.policy import Policy, Rule
from conductor.core.replay import Logged, logged_of, replay
from tests.core.test_difference import POINTS, POLICIES, brute, policy

LOG = [Logged(id=str(number), facts=point) for number, point in enumerate(POINTS)]


@given(POLICIES, POLICIES)
def test_a_log_of_every_point_moves_as_the_points_do(old: Policy, new: Policy):
    found = replay(old, new, LOG, {})
    assert {key: tasks.count for key, tasks in found.moved.items()} == brute(old, new)
    assert (found.decided, found.incompatible) == (len(POINTS), 0)


@given(st.sampled_from(Verdict))
def test_a_task_that_only_changes_its_rule_does_not_move(verdict: Verdict):
    one, two = (policy(Rule(name, Atom("safe", "eq", True), "ask", reason="")) for name in "ab")
    assert replay(one, two, LOG, {"0": verdict}).moved == {}


def test_a_masked_value_cannot_be_decided_again():
    logged = logged_of("1", {"size": Fact(3, "given").to_json(mask=True)})
    assert logged is not None
    assert replay(policy(), policy(), [logged], {}).incompatible == 1


def test_a_fact_that_a_policy_does_not_know_cannot_matter_to_it():
    found = replay(policy(), policy(), [Logged(id="1", facts={"gone": 3})], {})
    assert (found.decided, found.incompatible) == (1, 0)


def test_a_decision_without_facts_was_none():
    assert logged_of("1", {}) is None
