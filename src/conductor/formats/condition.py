"""Conditions as a person reads them: as markdown, or plain for a terminal."""

from __future__ import annotations

from conductor.core.condition import ANY, NOT, Atom, Condition
from conductor.core.facts import Scalar
from conductor.core.policy import TASK

_SIGNS = {"eq": "=", "ne": "≠", "lt": "<", "le": "≤", "gt": ">", "ge": "≥"}
_SUB = "."  # between a task type and its child
_MARKUP = str.maketrans({"`": None, "*": None})


def plain(condition: Condition) -> str:
    """Write a condition without markup."""
    return condition_text(condition).translate(_MARKUP)


def condition_text(condition: Condition, *, inside: bool = False) -> str:
    """Write a condition as a person reads it; `inside` another one it may need brackets."""
    if isinstance(condition, Atom):
        return _comparison(condition)
    if condition.kind == NOT:
        return f"not ({'; '.join(condition_text(part) for part in condition.parts)})"
    joint = " **or** " if condition.kind == ANY else "; "
    text = joint.join(condition_text(part, inside=True) for part in condition.parts)
    return f"({text})" if inside and len(condition.parts) > 1 else text


def _comparison(atom: Atom) -> str:
    fact, constant = f"`{atom.fact}`", atom.constant
    if isinstance(constant, bool):
        return fact if constant == (atom.operator == "eq") else f"not {fact}"
    if not isinstance(constant, tuple):
        return f"{fact} {_SIGNS[atom.operator]} {scalar_text(constant)}"
    values = _roots(constant) if atom.fact == TASK else constant
    sign = ("=", "one of") if atom.operator == "in" else ("≠", "none of")
    return f"{fact} {sign[len(values) > 1]} {', '.join(scalar_text(value) for value in values)}"


def _roots(tasks: tuple[Scalar, ...]) -> tuple[Scalar, ...]:
    """Leave out the tasks whose parent is there: a task type covers them."""
    return tuple(one for one in tasks if not any(str(one).startswith(f"{t}{_SUB}") for t in tasks))


def scalar_text(value: Scalar) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value}"
