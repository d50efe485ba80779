"""A prompt refers to nothing that the model is not given.

Avoid: "Match our conventions", "as discussed", "the attached file", "in this repo".

Prefer: "Match the conventions listed below", and list them.

Why: a model has no memory of your project and sees no attachment. A small one does not say so; it
invents conventions that sound usual.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conductor.lint.fields import PROSE
from conductor.lint.rule import Hit
from conductor.lint.subject import Form, Subject

CODE = "P205"
LEVELS = "hwE"
FORMS = {Form.ENSEMBLE, Form.PROFILE}

GOOD = ('default_task: "Match the conventions listed below; they are the only ones."\n',)
BAD = (
    ('default_task: "Write it so that it fits our codebase."\n', 1),
    ('default_task: "List the risks as discussed last week."\n', 1),
)

_OUTSIDE = re.compile(
    r"\b(?:our (?:[\w-]+ ){0,2}(?:codebase|code base|repo(?:sitory)?|project|product|app"
    r"|conventions?|standards?|style ?guide|guidelines?|team|company|api|monorepo|database|schema"
    r"|wiki|handbook|playbook|runbook|intranet|backlog|glossary|terminology|domain model"
    r"|data model|architecture|roadmap|docs|documentation|rules|naming scheme|polic(?:y|ies))"
    r"|(?:in|of|for|from|to|with|across) this (?:codebase|code base|repo(?:sitory)?|monorepo)"
    r"|as (?:we |previously |already |was )?(?:discussed|agreed)(?! (?:above|below|in the ))"
    r"|the attached (?:file|document|image|screenshot|spreadsheet|log|pdf|csv)s?"
    r"|the (?:[\w-]+ ){1,2}I (?:uploaded|attached|sent|shared|gave|showed|told|mentioned|pasted)"
    r"|we (?:already |have |had )?(?:agreed|discussed|decided|talked about|settled on)"
    r"|where we left off|(?:the way|how|like|as) we (?:do|always|usually|normally)|as usual"
    r"|(?:as|like) (?:in |on |at )?(?:the |our )?(?:last|previous)"
    r" (?:time|review|session|run|round|discussion|thread|e-?mail|version)"
    r"|(?:ask|contact|consult|notify|escalate to|check with) (?:the |our )[\w-]+"
    r" (?:team|group|squad|department)"
    r"|the usual (?:conventions?|format|style|rules|way)"
    r"|(?:the )?(?:previous|last) (?:ticket|sprint|meeting|conversation|chat)"
    r"|like last time)\b",
    re.IGNORECASE,
)


def check(subject: Subject) -> Iterator[Hit]:
    for text in subject.texts:
        if text.field not in PROSE:
            continue
        for found in _OUTSIDE.finditer(text.value):
            yield Hit(
                message=f"`{found[0]}` refers to something that the model does not see",
                path=text.path,
                offset=subject.find(text, found[0]),
                matched=found[0],
                hint="say in the prompt itself what is meant",
            )
