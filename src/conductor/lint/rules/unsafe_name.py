"""A name is short, plain, and the file's own.

Avoid: separators, dots, capitals, endings other than `.yaml`, names of devices, letters that look
like others, names longer than 64 characters, and a name that differs from the file's.

Prefer: `^[a-z0-9]` then letters, digits, `-` or `_`; the file is called the same.

Why: the engine finds an ensemble by its name in one place and by its file in another. A name with
`..` becomes a path outside; two names that differ by case are one file on somebody's disk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conductor.core.names import device
from conductor.lint.edits import renamed, scalar
from conductor.lint.fields import Path
from conductor.lint.rule import Fix, Hit, Splice
from conductor.lint.subject import Form, Subject

CODE = "F003"
LEVELS = "EEE"
FORMS = {Form.ENSEMBLE, Form.PROFILE}
WAIVABLE = False
FIX = Fix.ASK

GOOD = ("name: example\n",)
BAD = (("name: ../example\n", 1), ("name: con\n", 1), ("name: Example\n", 1))

_ENDING = ".yaml"
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")


def check(subject: Subject) -> Iterator[Hit]:
    if not subject.file.endswith(_ENDING):
        yield Hit(
            message=f"the file's name does not end in `{_ENDING}`",
            hint=f"rename it: `{subject.name}{_ENDING}`",
            levels="wEE",  # the engine runs some such files, and lists and copies none
        )
    name = subject.data.get("name")
    path: Path = ("name",)
    if name is None:
        if subject.form is Form.PROFILE or not subject.data:
            return  # a file with several profiles has no name of its own
        hint = f"write `name: {subject.name}`"
        yield Hit(message="the ensemble has no name", hint=hint, edits=_first_line(subject))
        return
    text = str(name)
    if _dangerous(text):
        message = f"the name `{text}` is not safe"
        yield Hit(
            message=message,
            path=path,
            matched=text,
            hint="rename it: letters, digits, `-`",
            edits=_edits(subject, text),
        )
    elif text.lower() != subject.name.lower():
        # The engine runs it under its name all the same; children and promotion use the file's.
        message = f"the name `{text}` differs from the file's, `{subject.name}`"
        hint = f"write `name: {subject.name}`, or rename the file"
        yield Hit(
            message=message,
            path=path,
            matched=text,
            hint=hint,
            levels="wEE",
            edits=_edits(subject, text),
        )
    elif not _NAME.fullmatch(text):
        message = f"the name `{text}` is not plain"
        hint = "use lower-case letters, digits and `-`"
        edits = _edits(subject, text)
        yield Hit(message=message, path=path, matched=text, hint=hint, levels="wEE", edits=edits)
    yield from _clash(subject)


def _edits(subject: Subject, text: str) -> tuple[Splice, ...]:
    """Call it as its file is called, where that is a name."""
    if not _NAME.fullmatch(subject.name) or _dangerous(subject.name):
        return ()
    return renamed(subject, ("name",), text, subject.name)


def _first_line(subject: Subject) -> tuple[Splice, ...]:
    at = subject.offset((next(iter(subject.data)),))
    plain = at is not None and subject.at(offset=at).column == 1
    if at is None or not plain or not _NAME.fullmatch(subject.name) or subject.text[at] == "{":
        return ()
    return (Splice(at, at, f"name: {scalar(subject.name)}\n"),)


def _dangerous(name: str) -> bool:
    return (
        not name.isascii()
        or not name.strip()
        or ".." in name
        or bool(re.search(r"[/\\:\x00-\x1f]", name))
        or name.startswith((".", "-", " "))
        or device(name)
    )


def _clash(subject: Subject) -> Iterator[Hit]:
    same = {one for one in subject.around.neighbours if one.lower() == subject.name.lower()}
    for other in sorted(same - {subject.name}):
        message = f"`{other}` differs only by case"
        yield Hit(message=message, path=("name",), matched=other, hint="rename one of the two")
