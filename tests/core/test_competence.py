"""The score beside the decision: its sign is that of the rules, its size says how sure."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from conductor.core.competence import FULL, score
from conductor.core.decide import decide
from conductor.core.facts import DEFAULT, DERIVED, GIVEN, Fact
from conductor.core.policy import CLAUDE, TASK, Candidate
from conductor.core.scoring import LOCALLY
from tests.core.test_decide import FACTS, POLICY

SHORT = {TASK: "extraction", "document_tokens": 2_000, "fixed_schema": True}


def graded(facts, **derived):
    """Grade a task of given facts, and of derived ones with how sure they are."""
    known = {name: Fact(spec.default, DEFAULT) for name, spec in POLICY.facts.items()}
    known |= {name: Fact(value, GIVEN) for name, value in facts.items()}
    known |= {name: Fact(value, DERIVED, "s", sure) for name, (value, sure) in derived.items()}
    return score(POLICY, known)


@settings(max_examples=60)
@given(FACTS, st.text(max_size=40))
def test_its_sign_is_the_decision(facts, text):
    decision = decide(POLICY, text=text, given=facts)
    assert (decision.score > 0) == (decision.outcome in LOCALLY)
    assert 1 <= abs(decision.score) <= FULL


@settings(max_examples=40)
@given(FACTS, st.sampled_from([-1, 0, 1]))
def test_where_nothing_serves_the_task_it_is_below_zero(facts, at):
    policy = type(POLICY)(**{name: getattr(POLICY, name) for name in POLICY.__slots__})
    policy.candidates = {"reasoning": (Candidate("one", "sha256:1"),)}
    policy.templates = {}
    decision = decide(policy, given={**facts, "delegation_gain": at})
    assert (decision.score > 0) == (decision.outcome in LOCALLY)
    assert decision.outcome == CLAUDE or decision.facts[TASK].value.startswith("reasoning")


def test_it_falls_towards_the_bound_and_goes_on_beyond_it():
    points = [graded({**SHORT, "document_tokens": size})[0] for size in (1, 4_000, 7_990, 8_000)]
    assert points == [50, 50, 1, -1]  # the language is not known: half as sure
    known = {**SHORT, "language": "english"}
    sizes = (100, 4_000, 7_000, 8_001, 16_000, 100_000)
    found = [graded({**known, "document_tokens": size})[0] for size in sizes]
    assert found == [99, 50, 12, -1, -100, -100]


def test_a_fact_that_nobody_knows_counts_half():
    without = {name: value for name, value in SHORT.items() if name != "fixed_schema"}
    assert graded({**without, "language": "english"}) == (-50, "fixed_schema")
    told = {**SHORT, "language": "english", "fixed_schema": False}
    assert graded(told) == (-100, "fixed_schema")


def test_it_is_no_surer_than_what_it_rests_on():
    known = {**SHORT, "language": "english", "document_tokens": 100}
    assert graded(known, fixed_schema=(True, 0.7)) == (70, "fixed_schema")
    assert graded(known, task_confidence=(78, 1.0)) == (39, "task_confidence")
    assert graded({"security": True})[0] < 0


def test_a_rule_that_stands_before_limits_it_as_well():
    proven = {"ensemble_uses": 100, "ensemble_acceptance_percent": 100, TASK: "summarization"}
    rest = {"language": "english", "security": False, "cross_file": False, "constraints": 0}
    known = {**proven, **rest, "broad_knowledge": False, "documents": 0}
    found = [graded({**known, "reasoning_steps": steps}) for steps in (0, 1, 2)]
    assert found == [(100, "ensemble_uses"), (67, "reasoning_steps"), (33, "reasoning_steps")]
