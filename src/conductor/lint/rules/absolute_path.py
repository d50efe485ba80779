"""An ensemble names no absolute path.

Avoid: "Read /home/ana/app/schema.sql first."

Prefer: "The schema is in the input."

Why: the path exists on one machine. A model cannot open files anyway: a small one will make up
what it thinks the file says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conductor.lint.fields import EVERYWHERE, PROSE, Field, Text
from conductor.lint.patterns import ABSOLUTE_PATH
from conductor.lint.rule import Fix, Hit, Splice
from conductor.lint.subject import Form, Subject

CODE = "P202"
LEVELS = "wEE"
FORMS = {Form.ENSEMBLE, Form.PROFILE, Form.SCRIPT}
FIX = Fix.ASK

GOOD = (
    'description: "Compares read/write and and/or rules in the text that it is given."\n',
    'default_task: "Look at https://example.org/home/page for the shape of an answer."\n',
)
BAD = (
    ('default_task: "Follow the schema in /home/ana/app/schema.sql."\n', 1),
    ('# file: scripts/example.py\nDATA = "/Users/ana/data.json"\n', 2),
)

_ARTICLE = re.compile(r"(?:\bthe )?(?:\bfile )?$")
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
                edits=_edits(subject, text, path),
            )


def _edits(subject: Subject, text: Text, path: str) -> tuple[Splice, ...]:
    """Let a sentence speak of the input; elsewhere nobody can know what is meant."""
    at = subject.find(text, path)
    if text.field not in PROSE or at is None or text.value.strip() == path:
        return ()
    start = at - len(_ARTICLE.search(subject.text[:at])[0])  # type: ignore[index]  # it may be empty
    return (Splice(start, at + len(path), "the input"),)
