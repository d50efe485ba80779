"""An ensemble names no class or function of the project that it was made in.

Avoid: "Call PaymentHubService.post for each entry."

Prefer: "Call the client function that the input names."

Why: a model that has never seen the code writes calls that look right and do not exist, and it
does so in every other project too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conductor.lint.fields import PROSE, Field
from conductor.lint.rule import Hit
from conductor.lint.subject import Form, Subject

CODE = "P204"
LEVELS = "hEE"
FORMS = {Form.ENSEMBLE, Form.PROFILE}

GOOD = ('default_task: "Write a JavaScript call of the client that the input names."\n',)
BAD = (('default_task: "Write a call of PaymentHubService for each entry."\n', 1),)

IDENTIFIER = re.compile(r"\b(?:[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+|[A-Za-z]\w*_\w+)\b")


def check(subject: Subject) -> Iterator[Hit]:
    origin = subject.around.origin
    if origin is None:
        return  # rule `project-name` says so already
    for text in subject.texts:
        if text.field not in PROSE | {Field.PARAMETER}:
            continue
        for name in dict.fromkeys(IDENTIFIER.findall(text.value)):
            if name in origin.symbols:
                yield Hit(
                    message=f"`{name}` is defined in the project it was made in",
                    path=text.path,
                    offset=subject.find(text, name),
                    matched=name,
                    hint="take the name from the input",
                    confirmed_by="fingerprint",
                )
