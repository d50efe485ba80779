"""Nothing is left to fill in.

Avoid: "You review <your product>", `[insert rules here]`, lorem ipsum, `FIXME`.

Prefer: "You review the text that is given."

Why: a model fills the gap itself, each time with something else, and the output looks finished all
the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conductor.lint.fields import PROSE, Field
from conductor.lint.rule import Hit
from conductor.lint.subject import Form, Subject

CODE = "P213"
LEVELS = "wEE"
FORMS = {Form.ENSEMBLE, Form.PROFILE}

GOOD = (
    'default_task: "Turn the to-do app and its TODO list into one sentence each."\n',
    'default_task: "Answer in the form RISK: <your reasoning>."\n',
)
BAD = (
    ('default_task: "You review <your product> and list the risks."\n', 1),
    ('default_task: "List the risks. [insert house rules here]"\n', 1),
    ('default_task: "List the risks. TODO: say which ones."\n', 1),
)

_YOURS = (
    r"(?:product|project|company|team|app|repo|organi[sz]ation|domain|name|email|api[ _-]?key"
    r"|language)"
)
_LEFT = re.compile(
    rf"<your[ _-]{_YOURS}[^>\n]*>|\[your[ _-]{_YOURS}[^\]\n]*\]"
    r"|\{\{ *(?:your_)?(?:product|project|company|team|app|repo)(?:_name)? *\}\}"
    r"|\b(?:[A-Z]+_)+HERE\b"
    r"|\[(?:insert|fill in|add|your)\b[^\]\n]*\bhere\]|\[insert [^\]\n]+\]|<insert [^>\n]+>"
    r"|\blorem ipsum\b|\bFIXME\b|\bTODO(?=:|\()|\bTBD\b|\bXXX\b",
    re.IGNORECASE,
)
_CASED = re.compile(r"FIXME|TODO|TBD|XXX|\w+_HERE", re.IGNORECASE)


def check(subject: Subject) -> Iterator[Hit]:
    for text in subject.texts:
        if text.field not in PROSE | {Field.PARAMETER}:
            continue
        for found in _LEFT.finditer(text.value):
            if _CASED.fullmatch(found[0]) and not found[0].isupper():
                continue
            yield Hit(
                message=f"`{found[0]}` is left to fill in",
                path=text.path,
                offset=subject.find(text, found[0]),
                matched=found[0],
                hint="say what is meant, or take it out",
            )
