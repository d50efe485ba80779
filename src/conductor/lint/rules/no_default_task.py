"""There is an example of what to put in.

Avoid: an ensemble that nobody can try without reading its prompts.

Prefer: `default_task: "Review the diff below for code smells."`

Why: the reader's first run decides. (The engine shows `default_task` and does not use it: an empty
input stays empty.)
"""

from __future__ import annotations

from collections.abc import Iterator

from conductor.lint.rule import Hit
from conductor.lint.subject import Subject

CODE = "K502"
LEVELS = "-hE"

GOOD = ('default_task: "Review the diff below for code smells."\n',)
BAD = (('default_task: ""\n', 1),)


def check(subject: Subject) -> Iterator[Hit]:
    given = (
        subject.data.get("default_task") or subject.data.get("task") or subject.block.get("example")
    )
    if subject.data and not given:
        yield Hit(
            message="nothing says what to put in",
            path=("default_task",),
            hint="add a `default_task` that a stranger can run",
        )
