"""Whether an ensemble should be made for a task at all, and from which template."""

from __future__ import annotations

from conductor.core.condition import facts_of
from conductor.core.facts import DEFAULT
from conductor.core.policy import CLAUDE, TASK, Decision, Policy


def suited(policy: Policy, decision: Decision) -> str:
    """Give the template that suits what was decided; empty where the task is Claude's.

    A task without its document mostly goes to Claude for want of facts, which says nothing about
    the ensemble. A rule that gives it to Claude for what the words do say is believed.
    """
    if decision.outcome == CLAUDE and _told(policy, decision):
        return ""
    task = decision.facts.get(TASK)
    return decision.template or policy.templates.get(str(task.value) if task else "", "")


def _told(policy: Policy, decision: Decision) -> bool:
    """Tell whether a rule decided, and not on facts that nobody gave or derived alone."""
    rule = next((rule for rule in policy.rules if rule.id == decision.rule), None)
    if rule is None:
        return False
    return any(decision.facts[name].source != DEFAULT for name in facts_of(rule.when))
