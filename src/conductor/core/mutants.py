"""Small mistakes that somebody could make in a policy. Its cases should notice each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from conductor.core.condition import ALL, Atom, Condition, Group, words
from conductor.core.facts import BOOLEAN, INTEGER, FactSpec, Scalar
from conductor.core.policy import CLAUDE, LOCAL, Policy, Rule

_TURNED = {"lt": "ge", "ge": "lt", "gt": "le", "le": "gt", "eq": "ne", "ne": "eq"}
_SETS = {"eq": "in", "ne": "not_in"}  # what an operator becomes with a second value


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    rule: str  # that the mistake is made in; of two that changed places, the first
    index: int  # of that rule: a task that an earlier one takes is decided as before
    what: str  # as in `constraints gt 4 became 5`
    policy: Policy


def mutants(policy: Policy) -> Iterator[Mutant]:
    """Make every mutant: boundaries, operators, values, conditions, rules, outcomes, neighbours."""
    for at, rule in enumerate(policy.rules):
        for what, when in _conditions(rule.when, policy.facts):
            yield _with(policy, at, [_changed(rule, when=when)], what)
        other = CLAUDE if rule.outcome != CLAUDE else LOCAL
        yield _with(policy, at, [_changed(rule, outcome=other)], f"{rule.outcome} became {other}")
        yield _with(policy, at, [], "the rule is gone")
    for at, (one, two) in enumerate(zip(policy.rules, policy.rules[1:], strict=False)):
        if one.outcome != two.outcome:
            yield _with(policy, at, [two, one], f"changed places with {two.id}", length=2)


def _with(policy: Policy, at: int, rules: Sequence[Rule], what: str, *, length: int = 1) -> Mutant:
    changed = (*policy.rules[:at], *rules, *policy.rules[at + length :])
    slots = {name: getattr(policy, name) for name in Policy.__slots__}
    mutant = Policy(**{**slots, "rules": changed})
    return Mutant(rule=policy.rules[at].id, index=at, what=what, policy=mutant)


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
        for what, changed in _atoms(when, facts[when.fact]):
            yield f"{words(when)} {what}", changed
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
    """Change one comparison: its boundary, its operator, or its values."""
    if isinstance(atom.constant, tuple):
        yield from _fewer(atom, atom.constant)
    elif spec.kind == INTEGER:
        yield from _moved(atom, spec, int(atom.constant))
    if turned := _TURNED.get(atom.operator):
        yield f"became {turned}", Atom(atom.fact, turned, atom.constant)
    if spec.kind != BOOLEAN:
        yield from _more(atom, spec)


def _moved(atom: Atom, spec: FactSpec, constant: int) -> Iterator[tuple[str, Condition]]:
    for other in (constant - 1, constant + 1):
        if spec.low <= other <= spec.high:
            yield f"became {other:,}", Atom(atom.fact, atom.operator, other)


def _fewer(atom: Atom, values: tuple[Scalar, ...]) -> Iterator[tuple[str, Condition]]:
    if len(values) > 1:
        for value in values:
            rest = tuple(one for one in values if one != value)
            yield f"lost {value}", Atom(atom.fact, atom.operator, rest)


def _more(atom: Atom, spec: FactSpec) -> Iterator[tuple[str, Condition]]:
    """Let a comparison with values name one more: the declared one behind its last."""
    operator = _SETS.get(atom.operator, atom.operator)
    if operator not in _SETS.values():
        return
    named = atom.constant if isinstance(atom.constant, tuple) else (atom.constant,)
    another = _next(spec, named)
    if another is not None:
        yield f"took {another} as well", Atom(atom.fact, operator, (*named, another))


def _next(spec: FactSpec, named: Sequence[Scalar]) -> Scalar | None:
    if spec.kind == INTEGER:
        after = max(int(value) for value in named) + 1
        return after if after <= spec.high else None
    last = max((spec.values.index(str(value)) for value in named), default=-1)
    others = [*spec.values[last + 1 :], *spec.values[: last + 1]]
    return next((value for value in others if value not in named), None)
