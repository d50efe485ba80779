"""Small mistakes that somebody could make in a policy. Its cases should notice each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from conductor.core.condition import ALL, Atom, Condition, Group
from conductor.core.facts import BOOLEAN, ENUM, INTEGER, FactSpec
from conductor.core.policy import CLAUDE, LOCAL, Policy, Rule

_WIDER = {"lt": "le", "le": "lt", "gt": "ge", "ge": "gt"}


@dataclass(frozen=True, slots=True)
class Mutant:
    what: str  # the mistake, as in `many-constraints: constraints gt 4 became ge 4`
    policy: Policy


def mutants(policy: Policy) -> Iterator[Mutant]:
    """Make every mutant: boundaries, conditions, values, rules, outcomes and neighbours."""
    for at, rule in enumerate(policy.rules):
        for what, when in _conditions(rule.when, policy.facts):
            yield _with(policy, at, [_changed(rule, when=when)], f"{rule.id}: {what}")
        other = CLAUDE if rule.outcome != CLAUDE else LOCAL
        flipped = _changed(rule, outcome=other)
        yield _with(policy, at, [flipped], f"{rule.id}: {rule.outcome} became {other}")
        yield _with(policy, at, [], f"{rule.id}: the rule is gone")
    for at, (one, two) in enumerate(zip(policy.rules, policy.rules[1:], strict=False)):
        if one.outcome != two.outcome:
            what = f"{one.id} and {two.id} changed places"
            yield _with(policy, at, [two, one], what, length=2)


def _with(policy: Policy, at: int, rules: Sequence[Rule], what: str, *, length: int = 1) -> Mutant:
    changed = (*policy.rules[:at], *rules, *policy.rules[at + length :])
    slots = {name: getattr(policy, name) for name in Policy.__slots__}
    return Mutant(what, Policy(**{**slots, "rules": changed}))


def _changed(rule: Rule, *, when: Condition | None = None, outcome: str = "") -> Rule:
    return Rule(
        rule.id,
        when or rule.when,
        outcome or rule.outcome,
        reason=rule.reason,
        ensemble=rule.ensemble if not outcome else "",
        ask=rule.ask,
        on_failure=rule.on_failure,
    )


def _conditions(when: Condition, facts: Mapping[str, FactSpec]) -> Iterator[tuple[str, Condition]]:
    if isinstance(when, Atom):
        yield from _atoms(when, facts[when.fact])
        return
    for place, part in enumerate(when.parts):
        for what, changed in _conditions(part, facts):
            parts = (*when.parts[:place], changed, *when.parts[place + 1 :])
            yield what, Group(when.kind, parts)
        if len(when.parts) > 1:
            rest = (*when.parts[:place], *when.parts[place + 1 :])
            name = part.fact if isinstance(part, Atom) else f"a `{part.kind}`"
            joint = "condition" if when.kind == ALL else "alternative"
            yield f"the {joint} on {name} is gone", Group(when.kind, rest)


def _atoms(atom: Atom, spec: FactSpec) -> Iterator[tuple[str, Condition]]:
    """Change one comparison: its boundary, its operator, or one of its values."""
    before = f"{atom.fact} {atom.operator} {atom.constant}"
    if atom.operator in _WIDER:
        other = _WIDER[atom.operator]
        yield f"{before} became {other}", Atom(atom.fact, other, atom.constant)
    if spec.kind == INTEGER and isinstance(atom.constant, int):
        for constant in (atom.constant - 1, atom.constant + 1):
            if spec.low <= constant <= spec.high:
                yield f"{before} became {constant}", Atom(atom.fact, atom.operator, constant)
    if spec.kind == BOOLEAN and isinstance(atom.constant, bool):
        turned = not atom.constant
        yield f"{before} became {turned}", Atom(atom.fact, atom.operator, turned)
    if spec.kind == ENUM:
        yield from _values(atom, before)


def _values(atom: Atom, before: str) -> Iterator[tuple[str, Condition]]:
    if atom.operator in ("eq", "ne"):
        turned = "ne" if atom.operator == "eq" else "eq"
        yield f"{before} became {turned}", Atom(atom.fact, turned, atom.constant)
    elif isinstance(atom.constant, tuple) and len(atom.constant) > 1:
        for value in atom.constant:
            rest = tuple(one for one in atom.constant if one != value)
            yield f"{before} lost {value}", Atom(atom.fact, atom.operator, rest)
