"""The default policy decides its own cases as they say."""

from __future__ import annotations

import pytest
import yaml

from conductor.adapters import files
from conductor.app.build import bundle_text
from conductor.core import bundle
from conductor.core.decide import decide

ROOT = files.packaged()
POLICY = bundle.load(bundle_text(ROOT))
CASES = yaml.safe_load(files.read_text(f"{ROOT}/policy/cases/default.yaml"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case):
    decision = decide(POLICY, text=case.get("text", ""), given=case.get("facts", {}))
    assert decision.outcome == case["outcome"]
    assert decision.rule == case.get("rule", "")


def test_every_rule_decides_a_case():
    assert {rule.id for rule in POLICY.rules} - {case.get("rule") for case in CASES} == set()
