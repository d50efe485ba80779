"""It says who made it, for what, in which version, and what one may do with it.

Avoid: an ensemble without licence or author.

Prefer: `x-conductor: {version: "1.0.0", license: MIT, authors: [Ada], task: summarization}`.

Why: without a licence nobody may use it, without a version nobody can say what changed, and
without a task type no route leads to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from conductor.lint.edits import put
from conductor.lint.rule import Fix, Hit, Splice
from conductor.lint.subject import Subject

CODE = "K503"
LEVELS = "-hE"
FIX = Fix.ASK

_BLOCK = "x-conductor:\n  version: '1.0.0'\n  license: MIT\n  authors: [Ada]\n{}"
GOOD = (_BLOCK.format("  task: extraction\n"),)
BAD = ((_BLOCK.format(""), 1), ("x-conductor:\n  authors: [Ada]\n  task: extraction\n", 1))

# Each with the value that a skeleton begins with.
_WANTED = {"version": '"0.1.0"', "license": "Apache-2.0", "authors": "[]", "task": '""'}


def check(subject: Subject) -> Iterator[Hit]:
    missing = [key for key in _WANTED if not subject.block.get(key)]
    if "task" in missing and subject.block.get("task_type"):
        missing.remove("task")
    if subject.data and missing:
        listed = ", ".join(f"`{key}`" for key in missing)
        yield Hit(
            message=f"`x-conductor` does not say {listed}",
            path=("x-conductor",),
            matched=",".join(missing),
            hint="add what is missing",
            edits=_skeleton(subject, missing),
        )


def _skeleton(subject: Subject, missing: list[str]) -> tuple[Splice, ...]:
    """Write what a machine can know; who wrote it and for what, a person must say."""
    known = {key: _WANTED[key] for key in missing if key in {"version", "license"}}
    return put(subject, known) if known else ()
