"""Golden examples: an input, and what can be checked about any output without reading it."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """`holds` is about the form and true for any model; `good` is what a good answer has too."""

    ensemble: str
    name: str
    input: str
    holds: Mapping[str, object]
    good: Mapping[str, object]


def asked(expected: Mapping[str, object]) -> int:
    """Count the expectations that can be checked."""
    return sum(name in CHECKS for name in expected)


def unmet(expected: Mapping[str, object], output: str) -> list[str]:
    """Name the expectations that an output does not meet.

    An ensemble that rather delivers nothing than something wrong says `may_be_empty`.
    """
    if not output.strip():
        return [] if expected.get("may_be_empty") else ["there is an output"]
    return [
        f"{name}: {wanted}"
        for name, wanted in expected.items()
        if name in CHECKS and not CHECKS[name](output, wanted)
    ]


def _keys(output: str, wanted: object) -> bool:
    """Demand an object with exactly these keys at the top."""
    found = _json(output)
    return isinstance(found, dict) and isinstance(wanted, list) and set(found) == set(wanted)


def _label(output: str, wanted: object) -> bool:
    found = _json(output)
    return isinstance(found, dict) and isinstance(wanted, list) and found.get("label") in wanted


def _mentions(output: str, wanted: object) -> bool:
    return all(str(one).lower() in output.lower() for one in _list(wanted))


def _lacks(output: str, wanted: object) -> bool:
    return not any(str(one).lower() in output.lower() for one in _list(wanted))


def _most_lines(output: str, wanted: object) -> bool:
    return isinstance(wanted, int) and len(output.strip().splitlines()) <= wanted


def _python(output: str, wanted: object) -> bool:
    try:
        ast.parse(output)
    except (SyntaxError, ValueError):
        return not wanted
    return bool(wanted)


CHECKS: Mapping[str, Callable[[str, object], bool]] = {
    "keys": _keys,
    "label": _label,
    "lacks": _lacks,
    "mentions": _mentions,
    "most_lines": _most_lines,
    "python": _python,
}


def _json(text: str) -> object:
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
