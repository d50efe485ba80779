"""A name means the same at the destination.

Avoid: a profile `fast` that is one model here and another one there.

Prefer: a name of its own, or the destination's version.

Why: the engine takes the first file of that name that it finds. The ensemble would run on another
model than the one that it was judged with, and nobody would see it.
"""

from __future__ import annotations

from collections.abc import Iterator

from conductor.lint.rule import Hit
from conductor.lint.subject import Form, Subject

CODE = "D104"
LEVELS = "-EE"
FORMS = {Form.ENSEMBLE}

GOOD = ("raw_output: false\n",)
BAD = (
    (
        """\
agents:
  - name: worker
    script: scripts/taken.py
""",
        1,
    ),
)


def check(subject: Subject) -> Iterator[Hit]:
    there = subject.around.destination or {}
    for (kind, name), digest in sorted(subject.digests.items()):
        if there.get((kind, name), digest) != digest and (kind, name) != ("ensemble", subject.name):
            yield Hit(
                message=f"the destination has another {kind} `{name}`",
                path=("agents",),
                matched=f"{kind} {name}",
                hint="rename yours, or adopt theirs",
                confirmed_by="engine",
            )
