"""Laws of the decision that hold for every policy, shown on the default one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.adapters import files
from conductor.app.build import bundle_text, compiled
from conductor.core import bundle
from conductor.core.decide import decide, explain
from conductor.core.facts import BOOLEAN, DEFAULT, DERIVED, ENUM, GIVEN, read
from conductor.core.policy import OUTCOMES, Candidate
from conductor.core.standing import Standing
from conductor.errors import UsageError

POLICY = bundle.load(bundle_text(files.packaged()))
SUMMARY = {"task": "summarization", "document_tokens": 900}


def values(spec):
    if spec.kind == ENUM:
        return st.sampled_from(spec.values)
    if spec.kind == BOOLEAN:
        return st.booleans()
    return st.integers(spec.low, min(spec.high, 20_000))


FACTS = st.fixed_dictionaries(
    {}, optional={name: values(spec) for name, spec in POLICY.facts.items()}
)


def standing(name: str, *, uses: int, percent: int, lower: int = 50) -> dict[str, Standing]:
    candidates = {one.name: one for found in POLICY.candidates.values() for one in found}
    return {name: Standing(candidates[name].text_digest, uses, percent, lower)}


@given(FACTS, st.text(max_size=200))
def test_every_task_gets_a_decision_with_a_reason_and_all_facts(facts, text):
    decision = decide(POLICY, text=text, given=facts)
    assert decision.outcome in OUTCOMES
    assert decision.reason
    assert decision.facts.keys() == POLICY.facts.keys()
    assert decision.revision == POLICY.revision


@given(FACTS, st.text(max_size=200))
def test_given_facts_win_over_everything(facts, text):
    decision = decide(POLICY, text=text, given=facts)
    for name, value in facts.items():
        assert (decision.facts[name].value, decision.facts[name].source) == (value, GIVEN)


@given(FACTS)
def test_the_explanation_ends_with_the_rule_that_decided(facts):
    decision = decide(POLICY, given=facts)
    *before, last = explain(POLICY, decision)
    assert all(step.failure for step in before)
    assert (last.failure == "") == bool(decision.rule)
    assert not decision.rule or last.rule == decision.rule


@given(FACTS)
def test_good_evaluations_never_pull_hard_work_local(facts):
    best = {
        name: one
        for found in POLICY.candidates.values()
        for candidate in found
        for name, one in standing(candidate.name, uses=10_000, percent=100, lower=100).items()
    }
    decision = decide(POLICY, given=facts, standings=best)
    proven = decision.rule == "proven-ensemble"
    hard = (
        decision.facts["security"].value
        or decision.facts["cross_file"].value
        or decision.facts["task"].value in ("architecture", "security_review", "code_cross_file")
        or decision.facts["constraints"].value > 4
        or decision.facts["reasoning_steps"].value >= 3
        or decision.facts["documents"].value > 1
    )
    assert not (proven and hard)


def test_defaults_alone_never_make_a_task_local():
    decision = decide(POLICY)
    assert (decision.outcome, decision.rule) == ("claude", "")
    assert {fact.source for fact in decision.facts.values()} == {DEFAULT}


def test_with_two_candidates_the_better_lower_bound_wins_and_the_name_breaks_ties():
    policy = bundle.load(bundle_text(files.packaged()))
    known = policy.candidates["summarization"][0]
    policy.candidates = {"summarization": (known, Candidate("a-newer-one", "sha256:1"))}
    facts = {**SUMMARY, "documents": 1}
    standings = {
        known.name: Standing(known.text_digest, 30, 90, 70),
        "a-newer-one": Standing("sha256:1", 30, 95, 60),
    }
    assert decide(policy, given=facts).ensemble == "a-newer-one"
    assert decide(policy, given=facts, standings=standings).ensemble == known.name


def test_evidence_counts_at_the_finest_type_that_has_enough_and_else_further_up():
    name = POLICY.candidates["summarization"][0].name
    digest = POLICY.candidates["summarization"][0].text_digest
    review = Standing(digest, 40, 50, 40, task="summarization.document_review")
    whole = Standing(digest, 90, 95, 90, by_task={review.task: review})
    assert whole.for_task("summarization.document_review.legal") == review
    assert whole.for_task("summarization") == whole
    policy = bundle.load(bundle_text(files.packaged()))
    policy.candidates = dict.fromkeys(policy.candidates, policy.candidates["summarization"])
    facts = {**SUMMARY, "task": review.task}
    found = decide(policy, given=facts, standings={name: whole}).facts
    assert found["ensemble_acceptance_percent"].value == 50
    assert found["ensemble_uses"].words == f"as {review.task}"
    parent = decide(policy, given=SUMMARY, standings={name: whole}).facts
    assert parent["ensemble_acceptance_percent"].value == 95


def test_evidence_of_an_older_text_does_not_count():
    name = "summarize-document"
    current = standing(name, uses=30, percent=90)
    older = {name: Standing("sha256:older", 30, 90, 80)}
    assert decide(POLICY, given=SUMMARY, standings=current).rule == "proven-ensemble"
    assert decide(POLICY, given=SUMMARY, standings=older).rule == ""


def test_evidence_says_whose_it_is():
    decision = decide(
        POLICY, given=SUMMARY, standings=standing("summarize-document", uses=30, percent=90)
    )
    fact = decision.facts["ensemble_uses"]
    assert (fact.value, fact.source, fact.signal) == (30, DERIVED, "evidence:summarize-document")


def test_the_packaged_workspace_compiles_without_a_finding():
    assert compiled(files.packaged()).findings == ()


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("fixed_shema", "true", "unknown fact `fixed_shema`"),
        ("fixed_schema", "yes", "fact `fixed_schema` is a boolean, not `yes`"),
        ("document_tokens", "many", "fact `document_tokens` is an integer, not `many`"),
        ("document_tokens", True, "fact `document_tokens` is an integer, not `True`"),
        ("document_tokens", None, "fact `document_tokens` is an integer, not `None`"),
        ("document_tokens", "-1", "fact `document_tokens` is -1, outside its bounds"),
        ("task", "extracton", "fact `task` has no value `extracton`"),
    ],
)
def test_a_given_fact_that_does_not_fit_is_refused(name, raw, message):
    with pytest.raises(UsageError) as caught:
        read(POLICY.facts, name, raw)
    assert caught.value.message == message
    assert caught.value.hint


def test_a_deprecated_ensemble_is_taken_last_and_said_to_be_so():
    policy = bundle.load(bundle_text(files.packaged()))
    known, facts = policy.candidates["summarization"][0], {**SUMMARY, "documents": 1}
    policy.candidates = {"summarization": (known,)}
    old = {known.name: "zz-newer"}
    alone = decide(policy, given=facts, deprecated=old)
    assert (alone.outcome, alone.ensemble) == ("local", known.name)
    assert alone.reason.endswith(f"; `{known.name}` is deprecated, `zz-newer` replaces it")
    policy.candidates = {"summarization": (known, Candidate("zz-newer", "sha256:1"))}
    good = standing(known.name, uses=30, percent=100, lower=90)
    better = decide(policy, given=facts, standings=good, deprecated=old)
    assert better.ensemble == "zz-newer"
    assert "deprecated" not in better.reason
    assert decide(policy, given=facts, standings=good).ensemble == known.name


NAMES = {"task": "extraction", "document_tokens": 900, "fixed_schema": True}


@pytest.mark.parametrize(
    ("given", "before", "proposed"),
    [({}, 0, False), ({}, 1, False), ({}, 2, True), ({"expected_uses": 3}, 0, True),
     ({"expected_uses": 2}, 9, False)],
)  # fmt: skip
def test_making_an_ensemble_is_proposed_from_three_expected_uses_on(given, before, proposed):
    decision = decide(POLICY, given={**NAMES, **given}, seen=lambda _: before)
    assert (decision.outcome, decision.proposed) == ("compose", proposed)
    assert ("pays from 3" in decision.reason) is not proposed


def test_the_log_is_asked_only_where_nothing_serves_the_task():
    asked: list[str] = []

    def seen(task: str) -> int:
        asked.append(task)
        return 0

    for task in ("summarization", "reasoning", "extraction.items"):
        assert decide(POLICY, given={"task": task}, seen=seen).proposed is None
    assert asked == ["extraction.items"]
