from __future__ import annotations

import pytest

from conductor.adapters import files
from conductor.app.build import bundle_text
from conductor.core import bundle
from conductor.core.composing import suited
from conductor.core.decide import decide
from conductor.core.facts import DEFAULT

POLICY = bundle.load(bundle_text(files.packaged()))


@pytest.mark.parametrize(
    ("text", "facts", "template"),
    [
        ("Extract every date as JSON", {}, "extract"),  # its document is not known yet
        ("Classify this as spam or ham", {}, "classify"),
        ("Summarize this", {"documents": 3}, ""),  # told, and a rule for Claude
        ("Extract every date as JSON", {"security": True, "fixed_schema": False}, ""),
        ("What is ADO connection?", {}, ""),
        ("", {}, ""),
    ],
)
def test_a_rule_for_claude_is_believed_and_missing_facts_are_not(text, facts, template):
    assert suited(POLICY, decide(POLICY, text=text, given=facts)) == template


def test_a_rule_that_holds_by_defaults_alone_says_nothing_about_the_task():
    decision = decide(POLICY, text="Extract: dates")
    decision.rule = "unsupported-language"  # as if a policy called an unknown language one
    assert decision.facts["language"].source == DEFAULT
    assert suited(POLICY, decision) == "extract"
