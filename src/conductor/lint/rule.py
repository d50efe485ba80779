"""What a rule is, and what it says about one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from conductor.core.finding import Level, Place
from conductor.core.tier import Tier
from conductor.lint.fields import Path
from conductor.lint.subject import Form, Subject

_LETTERS = {"E": Level.ERROR, "w": Level.WARNING, "h": Level.NOTE, "-": None}

# One blunt reason for each family, by the first letter of a code.
FAMILIES = {
    "F": "it may not load, or load as something else",
    "D": "it breaks when it moves",
    "P": "it only makes sense at home",
    "M": "a small model will fail, or the reader cannot run it",
    "X": "it runs code on someone's machine",
    "K": "nobody can judge or find it",
}


class Fix(StrEnum):
    """Whether the tool may mend it: alone, after a yes to the diff, or not at all."""

    SAFE = "safe"
    ASK = "ask"
    NO = "no"


class Verdict(StrEnum):
    FAIL = "fail"
    WAIVED = "waived"
    INCONCLUSIVE = "inconclusive"  # could not be checked: never a pass, never a failure


@dataclass(frozen=True, slots=True, order=True)
class Splice:
    """Replace the characters from `start` to `end` of the file."""

    start: int
    end: int
    text: str
    file: str = ""  # as findings name it; empty: the one that the finding is in


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing that a rule found; the runner adds place, level and name."""

    message: str
    path: Path = ()
    offset: int | None = None  # in the file, where it is more precise than the path
    place: Place | None = None  # where the file could not be read at all
    matched: str = ""  # the text that is wrong: waivers are bound to it
    hint: str = ""
    levels: str = ""  # other levels than the rule's, in the same letters
    unknown: bool = False  # it could not be checked; the hint names what to run
    confirmed_by: str = "shape"  # or `fingerprint`, or `engine`
    edits: tuple[Splice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of the catalogue, as its module states it."""

    name: str
    code: str
    summary: str
    avoid: str
    prefer: str
    why: str
    levels: str  # letters for local, global, library
    forms: frozenset[Form]
    fix: Fix
    waivable: bool
    good: tuple[str, ...]
    bad: tuple[tuple[str, int], ...]  # (example, line of the finding)
    check: Callable[[Subject], Iterable[Hit]]

    @property
    def family(self) -> str:
        return FAMILIES[self.code[0]]


def level(letters: str, tier: Tier) -> Level | None:
    """Read the level for a tier out of three letters; None: the rule is off there."""
    return _LETTERS[letters[tier.rank]]
