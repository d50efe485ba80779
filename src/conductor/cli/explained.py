"""What `route --explain` adds: rule by rule, what would change the outcome, what to find out."""

from __future__ import annotations

from collections.abc import Mapping

from conductor.core.explanation import Explanation, explanation
from conductor.core.facts import Scalar
from conductor.core.policy import Decision

__all__ = ["document", "explanation", "lines"]


def lines(why: Explanation, decision: Decision) -> list[str]:
    width = max((len(step.rule) for step in why.steps), default=0)
    rules = [
        f"{step.rule:<{width}}  {step.failure or f'holds: {step.outcome}'}" for step in why.steps
    ]
    shown = ["  rules    " + "\n           ".join(rules)] if rules else []
    side = "inside" if decision.score > 0 else "outside"
    limit = f", limited by `{decision.limited_by}`" if decision.limited_by else ""
    shown.append(f"  score    {abs(decision.score)} of 100 {side} local competence{limit}")
    if why.nearest:
        by = f"`{why.nearest.rule}`" if why.nearest.rule else "the default"
        outcome = why.nearest.outcome
        shown.append(f"  nearest  with {_facts(why.nearest.facts)} it would be {outcome}, by {by}")
    if why.missing:
        count = f"{len(why.missing)} facts are" if len(why.missing) > 1 else "1 fact is"
        certain = f"whatever they are, it is {why.possible[0]}" if not why.ask else _open(why)
        shown.append(f"  unknown  {count} not known; {certain}")
    return shown


def document(why: Explanation) -> dict[str, object]:
    nearest = why.nearest
    return {
        "rules": [
            {"rule": one.rule, "outcome": one.outcome, "failure": one.failure or None}
            for one in why.steps
        ],
        "nearest": nearest
        and {
            "facts": dict(nearest.facts),
            "outcome": nearest.outcome,
            "rule": nearest.rule or None,
        },
        "unknown": list(why.missing),
        "possible": list(why.possible),
        "ask": why.ask or None,
    }


def _open(why: Explanation) -> str:
    outcomes = " or ".join(why.possible)
    return f"it could be {outcomes}; find out `{why.ask}` first"


def _facts(facts: Mapping[str, Scalar]) -> str:
    return ", ".join(f"`{name} = {str(value).lower()}`" for name, value in facts.items())
