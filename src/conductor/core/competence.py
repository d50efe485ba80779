"""How far inside or outside local competence a task is: a score beside the decision.

Every comparison has a margin: how far the fact is from where it would come out the other way, times
how sure the fact is. A conjunction has the margin of its weakest part, an alternative that of its
strongest, as in the quantitative semantics of temporal logics. So the sign is that of the rules.
"""

from __future__ import annotations

from collections.abc import Mapping

from conductor.core.condition import ALL, ANY, OPERATORS, Atom, Condition
from conductor.core.facts import DEFAULT, DERIVED, INTEGER, Fact, FactSpec
from conductor.core.policy import LOCAL, TASK, Policy

FULL = 100
_UNKNOWN = 0.5  # how sure a fact is that nobody gave and no signal derived
_BELOW, _ABOVE = ("lt", "le"), ("gt", "ge")

Margin = tuple[int, str]  # from -FULL to FULL, never 0; and the fact that limits it


def score(policy: Policy, facts: Mapping[str, Fact]) -> Margin:
    """Grade a task: above 0 exactly when the rules send it to small models, as they are here.

    The second part names the fact that limits it; empty without any rule for small models.
    """
    task = str(facts[TASK].value) if TASK in facts else ""
    served = task in policy.candidates or task in policy.templates
    inside: list[Margin] = []
    kept: Margin = (-FULL, "")  # the strongest of the rules before that send it elsewhere
    for rule in policy.rules:
        reached = _margin(rule.when, facts, policy.facts)
        if rule.outcome == LOCAL and (rule.ensemble or served):
            inside.append(min(reached, (-kept[0], kept[1]), key=_points))
        else:
            kept = max(kept, reached, key=_points)
    return max(inside, key=_points, default=(-FULL, ""))


def _margin(
    condition: Condition, facts: Mapping[str, Fact], specs: Mapping[str, FactSpec]
) -> Margin:
    if isinstance(condition, Atom):
        return _atom(condition, facts[condition.fact], specs[condition.fact]), condition.fact
    parts = (_margin(part, facts, specs) for part in condition.parts)
    if condition.kind == ANY:
        return max(parts, key=_points, default=(-FULL, ""))
    weakest = min(parts, key=_points, default=(FULL, ""))
    return weakest if condition.kind == ALL else (-weakest[0], weakest[1])


def _atom(atom: Atom, fact: Fact, spec: FactSpec) -> int:
    holds = OPERATORS[atom.operator](fact.value, atom.constant)
    points = max(1, round(FULL * _distance(atom, fact, spec) * _sure(fact, spec)))
    return points if holds else -points


def _distance(atom: Atom, fact: Fact, spec: FactSpec) -> float:
    """Give how far a number is from the bound, at most 1: of the bound, or the room beside it."""
    if spec.kind != INTEGER or atom.operator not in (*_BELOW, *_ABOVE):
        return 1.0
    value, bound = int(fact.value), int(atom.constant)  # type: ignore[arg-type]  # a number, as compiled
    # The first value on the far side, seen from where the fact is.
    edge = bound + (atom.operator in ("le", "gt"))
    below = value < edge
    away, room = (
        (edge - value, edge - spec.low) if below else (value - edge + 1, spec.high - edge + 1)
    )
    return min(1.0, away / max(1, min(abs(bound), room)))


def _sure(fact: Fact, spec: FactSpec) -> float:
    if fact.source == DERIVED:
        return fact.confidence
    unknown = fact.source == DEFAULT and not (spec.evidence or spec.confidence_of)
    return _UNKNOWN if unknown else 1.0


def _points(margin: Margin) -> int:
    return margin[0]
