"""Writing one number of a policy file anew: everything else stays as it is, comments too."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from conductor.compiler.rewrite import becomes
from conductor.compiler.spots import Path
from conductor.compiler.toml_places import places
from conductor.errors import SourceError

_NUMBER = re.compile(r"([^=\n]*=\s*)([+-]?[0-9][0-9_]*)(?![0-9_.eExob:-])")
_GROUPED_FROM = 10_000  # larger numbers are written with underscores when the old one was


def renumbered(file: str, text: str, path: Path, value: int) -> str:
    """Give the TOML text with another whole number at `path`.

    Raises SourceError when no whole number stands there in a way that can be replaced.
    """
    place = places(text).offsets.get(path)
    found = _NUMBER.match(text, place) if place is not None else None
    if found is None:
        raise SourceError(
            f"`{'.'.join(map(str, path))}` cannot be replaced", at=file, hint="write it by hand"
        )
    new = f"{value:_}" if "_" in found[2] and abs(value) >= _GROUPED_FROM else str(value)
    result = text[: found.start(2)] + new + text[found.end(2) :]
    expected = deepcopy(tomllib.loads(text))
    _set(expected, path, value)
    if not becomes(file, text, result, expected):
        raise SourceError(f"`{'.'.join(map(str, path))}` cannot be replaced safely", at=file)
    return result


def bound_path(text: str, rule: str, fact: str, operator: str) -> Path | None:
    """Find where a rule compares a fact with a number; None unless it is there exactly once."""
    for number, one in enumerate(tomllib.loads(text).get("rule", [])):
        if one.get("id") == rule:
            found = [
                ("rule", number, "when", *path)
                for path in _leaves(one.get("when", {}))
                if path[-2:] == (fact, operator)
            ]
            return found[0] if len(found) == 1 else None
    return None


def weight_of(text: str, signal: str, fact: str, value: str) -> tuple[Path, int] | None:
    """Find where a signal for a value of a fact has its weight, and what it is: 1 if not written.

    The text is that of policy/tasks.toml where the fact is the task type, else of facts.toml.
    """
    document: Mapping[str, Any] = tomllib.loads(text)
    at = ("tasks", value) if fact == "task" else ("facts", fact)
    for number, one in enumerate(document.get(at[0], {}).get(at[1], {}).get("signals", [])):
        weight = one.get("weight", 1)
        says = value if fact == "task" else str(one.get("value"))
        if (one.get("id"), says) == (signal, value) and type(weight) is int:
            return (*at, "signals", number, "weight"), weight
    return None


def weighed(file: str, text: str, path: Path, weight: int) -> str:
    """Give the text with another weight at `path`; one that is not written comes behind the id.

    Raises SourceError where that cannot be done safely.
    """
    found = places(text)
    if path in found.offsets:
        return renumbered(file, text, path, weight)
    name, whole = found.values.get((*path[:-1], "id")), found.values.get(path[:-1])
    expected = deepcopy(tomllib.loads(text))
    _set(expected, path, weight)
    inline = whole is not None and text[whole.start] == "{"
    end = name.end if name else 0
    if not inline:
        end = (f"{text}\n").find("\n", end)  # behind a comment
    entry = f", weight = {weight}" if inline else f"\nweight = {weight}"
    new = f"{text[:end]}{entry}{text[end:]}"
    if not becomes(file, text, new, expected):
        raise SourceError("the weight cannot be written safely", at=file, hint="write it by hand")
    return new


def _leaves(value: Any) -> Iterator[Path]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, below in items:
        if isinstance(below, dict | list):
            yield from ((key, *path) for path in _leaves(below))
        else:
            yield (key,)


def _set(data: Any, path: Path, value: int) -> None:
    for part in path[:-1]:
        data = data[part]
    data[path[-1]] = value
