"""Conditions over facts: conjunctions, disjunctions and negations of `fact operator constant`."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

from conductor.core.facts import Scalar
from conductor.core.value import Value

ALL, ANY, NOT = "all", "any", "not"


def _within(value: object, choices: object) -> bool:
    return value in choices  # type: ignore[operator]  # the compiler admits only lists here


def _without(value: object, choices: object) -> bool:
    return value not in choices  # type: ignore[operator]  # the compiler admits only lists here


# The one table of operators: the compiler's checks, the schemas and the evaluator read it.
OPERATORS: dict[str, Callable[..., bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "in": _within,
    "not_in": _without,
}

# How a value misses what the operator asks for.
_MISSES = {
    "eq": "not",
    "ne": "and must not be",
    "lt": "not below",
    "le": "above",
    "gt": "not above",
    "ge": "below",
    "in": "not one of",
    "not_in": "and must be none of",
}


class Atom(Value):
    """One comparison of a fact with a constant (a tuple of constants for `in` and `not_in`)."""

    __slots__ = ("constant", "fact", "operator")

    def __init__(self, fact: str, operator: str, constant: Scalar | tuple[Scalar, ...]) -> None:
        self.fact = fact
        self.operator = operator
        self.constant = constant


class Group(Value):
    """ALL or ANY of the parts, or NOT (all of) the parts. An empty ALL always holds."""

    __slots__ = ("kind", "parts")

    def __init__(self, kind: str, parts: tuple[Atom | Group, ...]) -> None:
        self.kind = kind
        self.parts = parts


Condition = Atom | Group


def holds(condition: Condition, values: Mapping[str, Scalar]) -> bool:
    """Say whether the condition is true; `values` holds every fact it names."""
    if isinstance(condition, Atom):
        return OPERATORS[condition.operator](values[condition.fact], condition.constant)
    if condition.kind == ALL:
        return all(holds(part, values) for part in condition.parts)
    if condition.kind == ANY:
        return any(holds(part, values) for part in condition.parts)
    return not all(holds(part, values) for part in condition.parts)


def first_failure(condition: Condition, values: Mapping[str, Scalar]) -> str:
    """Say in words what keeps the condition from holding; empty when it holds."""
    if holds(condition, values):
        return ""
    if isinstance(condition, Atom):
        actual = f"`{condition.fact}` is {_show(values[condition.fact])}"
        joint = ", " if condition.operator not in ("ne", "not_in") else " "
        return f"{actual}{joint}{_MISSES[condition.operator]} {_show(condition.constant)}"
    if condition.kind == ALL:
        return next(text for part in condition.parts if (text := first_failure(part, values)))
    if condition.kind == ANY:
        return "no alternative holds: " + "; ".join(
            first_failure(part, values) for part in condition.parts
        )
    return "the excluded case applies"


def words(atom: Atom) -> str:
    """Write a comparison as a person would say it, such as `document_tokens lt 8,000`."""
    return f"{atom.fact} {atom.operator} {_show(atom.constant).replace('`', '')}"


def facts_of(condition: Condition) -> set[str]:
    """Give the names of all facts that the condition looks at."""
    if isinstance(condition, Atom):
        return {condition.fact}
    return set().union(*(facts_of(part) for part in condition.parts))


def to_json(condition: Condition) -> list[object]:
    if isinstance(condition, Atom):
        constant = condition.constant
        return [
            condition.fact,
            condition.operator,
            list(constant) if isinstance(constant, tuple) else constant,
        ]
    return [condition.kind, [to_json(part) for part in condition.parts]]


def from_json(document: list[object]) -> Condition:
    """Read what `to_json` wrote: three items are an atom, two a group."""
    match document:
        case [str(fact), str(name), list(constants)]:
            return Atom(fact, name, tuple(constants))
        case [str(fact), str(name), bool() | int() | str() as constant]:
            return Atom(fact, name, constant)
        case [str(kind), list(parts)]:
            return Group(kind, tuple(from_json(part) for part in parts))
        case _:
            raise ValueError(f"not a condition: {document!r}")


def _show(value: Scalar | tuple[Scalar, ...]) -> str:
    if isinstance(value, tuple):
        return ", ".join(_show(item) for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:,}" if isinstance(value, int) else f"`{value}`"
