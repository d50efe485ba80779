"""A file says the same to every reader.

Avoid: a key written twice, tags, merge keys, several documents, more than eight uses of anchors
(none in a library), nesting deeper than 24, more than 256 KiB, control characters, and values that
the engine's YAML 1.1 reads otherwise.

Prefer: plain mappings, lists and quoted text, each written out once.

Why: YAML readers differ exactly here. Of two `max_tokens` one is dropped in silence, so the agent
you reviewed is not the agent that runs; an anchor of anchors can fill the memory of whoever looks.
"""

from __future__ import annotations

from collections.abc import Iterator

from conductor.core.finding import Place
from conductor.lint.rule import Fix, Hit, Splice
from conductor.lint.subject import Form, Subject

CODE = "F001"
LEVELS = "EEE"
FORMS = {Form.ENSEMBLE, Form.PROFILE, Form.EVIDENCE}
WAIVABLE = False
FIX = Fix.SAFE

GOOD = (
    """\
agents:
  - name: worker
    model_profile: conductor-small
    max_tokens: 200
    system_prompt: "List the risks: at most three."
""",
)
BAD = (
    (
        """\
agents:
  - name: worker
    model_profile: conductor-small
    max_tokens: 200
    max_tokens: 900
""",
        5,
    ),
    ("description: !secret Finds the likely risks in one short text and lists them\n", 1),
    (
        """\
x-conductor: &facts
  version: "1.0.0"
  license: MIT
  authors: [Ada]
  task: extraction
x-more: *facts
""",
        1,
    ),
)


def check(subject: Subject) -> Iterator[Hit]:
    for trouble in subject.troubles:
        yield Hit(message=trouble.message, place=trouble.at, hint=trouble.hint)
    for line, column in subject.aliases:
        yield Hit(
            message="a value is used through an alias",
            place=Place(subject.file, line, column),
            hint="write it out: a library takes no anchors",
            levels="--E",
            edits=tuple(Splice(*one) for one in subject.written_out),
        )
