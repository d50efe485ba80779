"""Versions of ensembles: a label for people. What tells contents apart is the closure's digest.

The step to the next one follows from what others rely on: what an ensemble *gives* (the agents
whose answers it delivers, and their form) and what it *asks* of whoever runs it (environment,
capabilities). To give less or to ask more breaks somebody; wording and limits do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from conductor.core.closure import agents_of
from conductor.core.digest import canonical
from conductor.core.execution import Document
from conductor.core.graph import dependencies

_PARTS = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_FORMS = ("response_format", "output_format")  # of an agent's answer
_ASKED = ("env", "capabilities")  # lists of the `x-conductor` block
_WORDS = {"description", "title", "examples", "$comment"}  # of a schema, for people


class Step(StrEnum):
    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A step with what speaks for it, in words; empty for a patch."""

    step: Step
    because: tuple[str, ...] = ()


def proposed(old: Document, new: Document) -> Proposed:
    """Propose the step from one content of an ensemble to another."""
    gone, came = _apart(set(_gives(old)), set(_gives(new)))
    spared, asked = _apart(set(_asks(old)), set(_asks(new)))
    breaking = (*(f"{one} is gone" for one in gone), *(f"it needs {one}" for one in asked))
    if breaking:
        return Proposed(Step.MAJOR, breaking)
    widened = (*(f"{one} is new" for one in came), *(f"{one} is needed no more" for one in spared))
    return Proposed(Step.MINOR if widened else Step.PATCH, widened)


def following(version: str, step: Step = Step.PATCH) -> str:
    """Give the version one step further; `1.0.0` after what is no version."""
    found = _PARTS.fullmatch(version)
    if not found:
        return "1.0.0"
    major, minor, patch = map(int, found.groups())
    match step:
        case Step.MAJOR:
            return f"{major + 1}.0.0"
        case Step.MINOR:
            return f"{major}.{minor + 1}.0"
        case Step.PATCH:
            return f"{major}.{minor}.{patch + 1}"


def _apart(old: set[str], new: set[str]) -> tuple[list[str], list[str]]:
    return sorted(old - new), sorted(new - old)


def _gives(ensemble: Document) -> Iterator[str]:
    """Name what somebody can take up: answers by agent, and each part of their form."""
    delivered = set(_declared(ensemble, "outputs")) or _sinks(ensemble)
    yield from (f"the answer of `{name}`" for name in delivered)
    yield from (f"`{leaf}`" for leaf in _leaves(ensemble.get("output_schema"), "output_schema"))
    for agent in agents_of(ensemble):
        if str(agent.get("name")) in delivered:
            for key in _FORMS:
                yield from (f"`{leaf}`" for leaf in _leaves(agent.get(key), key))


def _asks(ensemble: Document) -> Iterator[str]:
    for key in _ASKED:
        yield from (f"`{name}`" for name in _declared(ensemble, key))


def _sinks(ensemble: Document) -> set[str]:
    needs = dependencies(ensemble)
    return set(needs) - {name for names in needs.values() for name in names}


def _declared(ensemble: Document, key: str) -> Iterator[str]:
    block = ensemble.get("x-conductor")
    entries = block.get(key) if isinstance(block, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        yield str(entry.get("name", next(iter(entry), "")) if isinstance(entry, dict) else entry)


def _leaves(value: object, path: str) -> Iterator[str]:
    """Give each value of a form under its path; the order of a list says nothing."""
    match value:
        case None:
            return
        case dict():
            for key, inner in value.items():
                named = path.endswith("properties")  # its keys are fields, whatever they are called
                if named or key not in _WORDS:
                    yield from _leaves(inner, f"{path}.{key}")
        case list():
            for inner in value:
                yield from _leaves(inner, path)
        case _:
            yield f"{path}: {value if isinstance(value, str) else canonical(value)}"
