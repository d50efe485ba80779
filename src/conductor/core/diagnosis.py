"""What `doctor` says about one thing that runs need."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"  # runs go on, less well than they could
    MISSING = "missing"  # something that runs need
    ABSENT = "-"  # something that one may do without


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One thing looked at; `fix` is a command or an action, empty when all is well."""

    name: str
    state: State
    detail: str
    fix: str = ""
