"""An ensemble does not name the project that it was made in.

Avoid: "You review Ledgerly pull requests."

Prefer: "You review pull requests."

Why: a small model takes every word of a prompt for an instruction. A name that means nothing to it
turns up in its answers, and the reader of another project gets advice about yours.
"""

from __future__ import annotations

from collections.abc import Iterator

from conductor.lint.fields import PROSE, Field
from conductor.lint.origin import Origin, brands, named
from conductor.lint.rule import Hit
from conductor.lint.subject import Form, Subject

CODE = "P201"
LEVELS = "hEE"
FORMS = {Form.ENSEMBLE, Form.PROFILE, Form.SCRIPT}

GOOD = ('description: "Reviews pull requests and lists the risks that they bring."\n',)
BAD = (('description: "Reviews the pull requests of Ledgerly and lists their risks."\n', 1),)

_FIELDS = PROSE | {Field.PARAMETER, Field.EXAMPLE}
_LEVELS = {Field.COMMENT: "-hw", Field.SOURCE: "-hw"}
_SUSPICION = "hww"
TOOL = "`conductor compile`"  # in the first line of what it writes


def check(subject: Subject) -> Iterator[Hit]:
    origin = subject.around.origin
    if origin is None:
        if subject.form is Form.ENSEMBLE:
            yield Hit(
                message="the names of the project it was made in are not known",
                hint="lint it in its own project, or name that with `--project`",
                levels="-hh",
                unknown=True,
            )
        return
    seen: set[tuple[object, str]] = set()
    for text in subject.texts:
        if text.field not in _FIELDS and text.field not in _LEVELS:
            continue
        if text.field in _LEVELS and TOOL in text.value:
            continue
        for word, sure in _named(text.value, origin):
            if (text.path, word) in seen:
                continue
            seen.add((text.path, word))
            part = "" if sure else "part of "
            yield Hit(
                message=f"`{word}` is {part}the name of the project it was made in",
                path=text.path,
                offset=subject.find(text, word),
                matched=word,
                hint="say it without the name",
                levels=_LEVELS.get(text.field, "" if sure else _SUSPICION),
                confirmed_by="fingerprint" if sure else "shape",
            )


def _named(text: str, origin: Origin) -> Iterator[tuple[str, bool]]:
    """Give what names the project, and whether nothing else can be meant."""
    sure = [word for _, word in named(text, origin.names)]
    yield from ((word, True) for word in sure)
    for _, word in named(text, brands(origin.names)):
        if not any(word in longer for longer in sure):
            yield word, False
