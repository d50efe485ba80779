"""Findings: what a check has to say about one place in one file."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file, as editors count: line and column (in characters) start at 1."""

    file: str  # relative to the workspace, with forward slashes
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Span:
    """Where a value stands in a text: offsets in characters, the end excluded."""

    start: int
    end: int
    plain: bool = False  # a scalar without quotes, so that a reader guesses its type


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text from `at` up to and without `end`, both in one file."""

    at: Place
    end: Place
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that removes the finding, as edits that do not overlap."""

    does: str  # an action: `remove the condition`
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that the finding is about, such as the rule that takes it all."""

    at: Place
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to change: a sentence in the user's words, and an action."""

    name: str  # stable and kebab-case, such as `unknown-fact`
    message: str  # lower case, no full stop, the user's own words in backticks
    at: Place
    hint: str = ""
    level: Level = Level.ERROR
    code: str = ""  # stable and short, such as `P201`; lint rules have one
    end: Place | None = None  # where the text that it is about ends, without this position
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
    waived: str = ""  # the reason that somebody gave to let it stand; it then no longer counts


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort by place, then by name, so that two runs print the same."""
    return tuple(sorted(findings, key=lambda finding: (finding.at, finding.name, finding.message)))


# What says that a name is nowhere declared: said of many places, it is still one name.
_UNDECLARED = frozenset(
    f"unknown-{what}"
    for what in ("class", "ensemble", "fact", "rubric", "rule", "task", "template")
)


def gathered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Tell of a name that is not declared once in a file, with all the places that use it."""
    groups: dict[Hashable, list[Finding]] = {}
    for one in findings:
        alone = one.name not in _UNDECLARED or one.related
        key = one if alone else (one.name, one.message, one.at.file)
        groups.setdefault(key, []).append(one)
    return tuple(map(_gathered, groups.values()))


def _gathered(found: Sequence[Finding]) -> Finding:
    first, *others = found
    if not others:
        return first
    fixes = [one.fix for one in found if one.fix]
    edits = tuple(edit for fix in fixes for edit in fix.edits)
    fix = Fix(fixes[0].does, edits) if len(fixes) == len(found) else None
    return replace(first, fix=fix, related=tuple(Related(one.at, "also here") for one in others))


def failed(findings: Iterable[Finding]) -> bool:
    """Tell whether an error stands that nobody has waived."""
    return any(finding.level is Level.ERROR and not finding.waived for finding in findings)
