"""An ensemble names no person.

Avoid: "Ask maria@acme.io", a telephone number, "cc @maria".

Prefer: "Ask the user."

Why: what is in a library stays there. A model repeats the address in its answers, to people who
have no business with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from conductor.lint.fields import Field, Text
from conductor.lint.patterns import PHONE, emails
from conductor.lint.rule import Hit
from conductor.lint.subject import Form, Subject

CODE = "P208"
LEVELS = "wEE"
FORMS = {Form.ENSEMBLE, Form.PROFILE, Form.SCRIPT}
WAIVABLE = False

GOOD = (
    'default_task: "Send it to user@example.com; use @property, item 2024-10-11, 1 000 000."\n',
)
BAD = (
    ('default_task: "List the risks, and ask maria@acme.io if unsure."\n', 1),
    ('default_task: "List the risks and ping @maria-k about them."\n', 1),
    ('default_task: "List the risks, or call +49 30 1234567."\n', 1),
)

_HANDLE = re.compile(
    r"(?i:\b(?:ask|ping|contact|cc|tell|notify|message|assign(?:ed)? to|owned by|reviewed by"
    r"|thanks to|maintained by)):? "
    r"@([A-Za-z][\w-]{1,38})\b"
)


def check(subject: Subject) -> Iterator[Hit]:
    for text in subject.texts:
        if text.field is Field.NOTE:
            continue  # judged as evidence
        for matched, what in _people(subject, text):
            yield Hit(
                message=f"`{matched}` is {what}",
                path=text.path,
                offset=subject.find(text, matched),
                matched=matched,
                hint="take it out",
            )


def _people(subject: Subject, text: Text) -> Iterator[tuple[str, str]]:
    for address in emails(text.value):
        yield address, "an address of somebody"
    for found in PHONE.finditer(text.value):
        yield found[0], "a telephone number"
    for found in _HANDLE.finditer(text.value):
        yield f"@{found[1]}", "a handle of somebody"
    origin = subject.around.origin
    lower = text.value.lower()
    for person in sorted(origin.people) if origin else ():
        if person.split()[-1].lower() in lower:
            for found in spellings(person).finditer(text.value):
                yield found[0], "an author of the project it was made in"


@cache
def spellings(person: str) -> re.Pattern[str]:
    """Give a pattern of the ways to name a person; a single name is anybody's: nothing matches."""
    if person.startswith("@"):
        return re.compile(rf"(?<![\w@]){re.escape(person)}(?![\w-])")
    names = [re.escape(name) for name in person.split()]
    if len(names) == 1:
        return _NOTHING
    first, last = names[0], names[-1]
    whole = "[ .]".join(names)
    return re.compile(rf"\b(?:(?i:{whole})|{first[0]}\. ?{last}|{last}, {first})(?!\w)")


_NOTHING = re.compile(r"(?!)")
