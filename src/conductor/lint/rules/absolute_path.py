"""An ensemble names no absolute path.

Avoid: "Read /home/ana/app/schema.sql first."

Prefer: "The schema is in the input."

Why: the path exists on one machine. A model cannot open files anyway: a small one will make up
what it thinks the file says.
"""

from __future__ import annotations

from collections.abc import Iterator

from conductor.lint.fields import EVERYWHERE, Field
from conductor.lint.patterns import ABSOLUTE_PATH
from conductor.lint.rule import Hit
from conductor.lint.subject import Form, Subject

CODE = "P202"
LEVELS = "wEE"
FORMS = {Form.ENSEMBLE, Form.PROFILE, Form.SCRIPT}

GOOD = (
    'description: "Compares read/write and and/or rules in the text that it is given."\n',
    'default_task: "Look at https://example.org/home/page for the shape of an answer."\n',
)
BAD = (
    ('default_task: "Follow the schema in /home/ana/app/schema.sql."\n', 1),
    ('# file: scripts/example.py\nDATA = "/Users/ana/data.json"\n', 2),
)

# A path field has a rule of its own; notes are judged as evidence.
_FIELDS = EVERYWHERE - {Field.PATH, Field.NOTE, Field.ENDPOINT}
_LEVELS = {Field.EXAMPLE: "-hw", Field.COMMENT: "-hw"}


def check(subject: Subject) -> Iterator[Hit]:
    for text in subject.texts:
        if text.field not in _FIELDS:
            continue
        for found in ABSOLUTE_PATH.finditer(text.value):
            path = found[0].rstrip(".")
            yield Hit(
                message=f"`{path}` is on one machine only",
                path=text.path,
                offset=subject.find(text, path),
                matched=path,
                hint="take what it needs from the input, or make it a parameter",
                levels=_LEVELS.get(text.field, ""),
            )
