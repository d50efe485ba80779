"""What travels with an ensemble as evidence or note says nothing about whoever made it.

Avoid: inputs, outputs, paths, names or keys in evidence or in `x-conductor: notes`.

Prefer: digests and counts.

Why: evidence is published so that others can trust the ensemble. A quoted input is somebody's
document, and it cannot be called back.
"""

from __future__ import annotations

from collections.abc import Iterator

from conductor.lint.fields import Field
from conductor.lint.origin import named
from conductor.lint.patterns import ABSOLUTE_PATH, PHONE, emails, secrets
from conductor.lint.rule import Hit
from conductor.lint.subject import Form, Subject

CODE = "K506"
LEVELS = "EEE"
FORMS = {Form.EVIDENCE, Form.ENSEMBLE, Form.PROFILE}
WAIVABLE = False

_BLOCK = (
    "x-conductor:\n  version: '1.0.0'\n  license: MIT\n  authors: [Ada]\n  task: x\n  notes: {}\n"
)
GOOD = (_BLOCK.format('"See ADR-048; 6 good on sha256:ab12."'),)
BAD = (
    (_BLOCK.format('"Tried on /home/ana/app/contract.txt"'), 6),
    (_BLOCK.format('"Judged by maria@acme.io"'), 6),
    ("# file: evidence/example.json\n{input: Dear Ana}\n", 2),
)

_RAW = {"input", "output", "prompt", "response", "text", "content", "transcript"}
_LONGEST = 200  # characters that a count, a digest or a name may have


def check(subject: Subject) -> Iterator[Hit]:
    for text in subject.texts:
        if text.field is not Field.NOTE:
            continue
        for matched, what in _leaks(subject, text.value):
            yield Hit(
                message=f"`{matched}` is {what}",
                path=text.path,
                offset=subject.find(text, matched),
                matched=matched,
                hint="take it out; a digest or a count says enough",
            )
        key = next((part for part in reversed(text.path) if isinstance(part, str)), "")
        if subject.form is Form.EVIDENCE and (key in _RAW or len(text.value) > _LONGEST):
            yield Hit(
                message=f"`{key}` holds what a run was about",
                path=text.path,
                matched=key,
                hint="store its digest",
            )


def _leaks(subject: Subject, text: str) -> Iterator[tuple[str, str]]:
    for found in ABSOLUTE_PATH.finditer(text):
        yield found[0], "a path on somebody's machine"
    for address in emails(text):
        yield address, "an address of somebody"
    for found in PHONE.finditer(text):
        yield found[0], "a telephone number"
    # What P209 finds in these files it says itself; evidence is no file of its.
    for _, secret, what in secrets(text) if subject.form is Form.EVIDENCE else ():
        yield f"{secret[:4]}…", what
    origin = subject.around.origin
    for _, word in named(text, origin.names) if origin else ():
        yield word, "the name of the project it was made in"
