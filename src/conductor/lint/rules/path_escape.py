"""A reference stays inside its tier.

Avoid: links, absolute paths and `..` in `script`, `ensemble`, `loop` or `dispatch`.

Prefer: `scripts/NAME.py` beside the ensembles.

Why: promotion copies what a reference leads to. A link or a `..` would carry a private file along,
or run one that the next reader does not have.
"""

from __future__ import annotations

from collections.abc import Iterator

from conductor.lint.fields import Field
from conductor.lint.patterns import OUTSIDE
from conductor.lint.rule import Hit
from conductor.lint.subject import Form, Subject

CODE = "F004"
LEVELS = "EEE"
FORMS = {Form.ENSEMBLE, Form.PROFILE, Form.SCRIPT}
WAIVABLE = False

_AGENT = "agents:\n  - name: worker\n    script: {}\n"
GOOD = (_AGENT.format("scripts/example.py"),)
BAD = (
    (_AGENT.format("../../tools/example.py"), 3),
    (_AGENT.format("/opt/tools/example.py"), 3),
)

_HINT = "keep the file below `scripts/`, and name it by that path"


def check(subject: Subject) -> Iterator[Hit]:
    for reason in subject.escapes:
        yield Hit(message=reason, matched=reason, hint="put the file itself there")
    for text in subject.texts:
        if text.field is Field.PATH and OUTSIDE.search(text.value):
            message = f"`{text.value}` leads outside"
            yield Hit(message=message, path=text.path, matched=text.value, hint=_HINT)
