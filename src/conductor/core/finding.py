"""Findings: what a check has to say about one place in one file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file, as editors count: line and column start at 1."""

    file: str  # relative to the workspace, with forward slashes
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to change: a sentence in the user's words, and an action."""

    name: str  # stable and kebab-case, such as `unknown-fact`
    message: str  # lower case, no full stop, the user's own words in backticks
    at: Place
    hint: str = ""
    level: Level = Level.ERROR


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """Sort by place, then by name, so that two runs print the same."""
    return tuple(sorted(findings, key=lambda finding: (finding.at, finding.name, finding.message)))
