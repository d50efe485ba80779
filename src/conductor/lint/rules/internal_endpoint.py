"""An ensemble names no address inside somebody's network.

Avoid: `base_url: http://10.0.4.7:8000/v1`.

Prefer: a profile without an address; each machine binds it.

Why: the reader's machine has another server at that address, or none. The engine then refuses to
run, or sends the reader's text to a stranger.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conductor.lint.fields import PROSE, Field
from conductor.lint.patterns import INTERNAL_HOST, INTERNAL_URL
from conductor.lint.rule import Hit
from conductor.lint.subject import Form, Subject

CODE = "P207"
LEVELS = "hww"
FORMS = {Form.ENSEMBLE, Form.PROFILE, Form.SCRIPT}

GOOD = ('default_task: "Read https://example.org and version 10.2.3.4 of the notes."\n',)
BAD = (
    (
        """\
# file: profiles/example.yaml
model: llama3:3b
provider: openai-compatible
base_url: http://10.0.4.7:8000/v1
""",
        4,
    ),
    ('default_task: "Ask http://wiki.corp/style for the rules."\n', 1),
)

_FIELDS = PROSE | {Field.ENDPOINT, Field.PARAMETER, Field.SOURCE}
_LEVELS = {Field.ENDPOINT: "wEE", Field.SOURCE: "wEE"}


_LOGIN = re.compile(r"(?<=\bssh )[\w.-]+@[\w.-]+\w")


def _found(text: str) -> Iterator[re.Match[str]]:
    yield from INTERNAL_URL.finditer(text)
    yield from INTERNAL_HOST.finditer(text)
    yield from _LOGIN.finditer(text)


def check(subject: Subject) -> Iterator[Hit]:
    for text in subject.texts:
        if text.field not in _FIELDS:
            continue
        for found in _found(text.value):
            address = found[0].rstrip(".,;)")
            yield Hit(
                message=f"`{address}` is an address on one machine or network only",
                path=text.path,
                offset=subject.find(text, address),
                matched=address,
                hint="leave the address out; each machine binds its own",
                levels=_LEVELS.get(text.field, ""),
            )
