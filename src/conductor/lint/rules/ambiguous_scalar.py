"""Text is in quotes where YAML would take it for something else.

Avoid: `version: 1.10`, `name: no`, `description: 12:30`.

Prefer: `version: "1.10"`.

Why: YAML 1.1, which the engine reads, makes 1.1 of `1.10`, false of `no` and 45000 of `12:30:00`.
The prompt that a model then gets is not the one that you wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conductor.lint.rule import Fix, Hit, Splice
from conductor.lint.subject import Form, Subject
from conductor.lint.words import words

CODE = "F005"
LEVELS = "wwE"
FORMS = {Form.ENSEMBLE, Form.PROFILE}
FIX = Fix.SAFE

_BLOCK = "x-conductor:\n  version: {}\n  license: MIT\n  authors: [Ada]\n  task: extraction\n"
GOOD = (_BLOCK.format('"1.10"'), 'default_task: "yes"\n')
BAD = ((_BLOCK.format("1.10"), 2), ("default_task: yes\n", 1), ("default_task: 2026-01-02\n", 1))

_TEXT_KEYS = words(
    "name description default_task task system_prompt model provider model_profile script ensemble"
    " dispatch fallback_model_profile base_url version license until reason"
)
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")


def check(subject: Subject) -> Iterator[Hit]:
    for path, span in subject.spans.items():
        if not path or path[-1] not in _TEXT_KEYS or not span.plain:
            continue
        raw = subject.text[span.start : span.end]
        value = subject.value(path)
        # `until` is the one date that is meant as a date.
        dated = isinstance(value, str) and _DATE.fullmatch(raw) and path[-1] != "until"
        if isinstance(value, bool | int | float) or dated:
            read = "a date" if dated else f"`{str(value).lower()}`"
            yield Hit(
                message=f"`{raw}` is read as {read}, not as text",
                path=path,
                offset=span.start,
                matched=raw,
                hint=f'write `"{raw}"`',
                edits=(Splice(span.start, span.end, f'"{raw}"'),),
            )
