"""The description says what comes out of what.

Avoid: `description: review`.

Prefer: "Finds likely code smells in a unified diff; returns a JSON list."

Why: routing and search have only this sentence. An ensemble that nobody finds is written a second
time.
"""

from __future__ import annotations

from collections.abc import Iterator

from conductor.lint.rule import Hit
from conductor.lint.subject import Subject

CODE = "K501"
LEVELS = "hwE"

GOOD = ('description: "Finds likely code smells in a diff and returns a list."\n',)
BAD = (('description: "Reviews code."\n', 1), ("description: null\n", 1))

_FEWEST_WORDS = 8


def check(subject: Subject) -> Iterator[Hit]:
    if not subject.data:
        return
    description = str(subject.data.get("description") or "")
    words = description.split()
    if len(words) < _FEWEST_WORDS:
        count = "no description" if not words else f"a description of {len(words)} words"
        yield Hit(
            message=f"the ensemble has {count}",
            path=("description",),
            matched=description,
            hint=f"say in {_FEWEST_WORDS} words or more what goes in and what comes out",
        )
