"""A waiver says why, is about something that is there, and ends when it says.

Avoid: a waiver with the reason "false positive", one that has expired, one that meets nothing.

Prefer: "ADR numbers are what this ensemble is about: it reviews ADR files."

Why: a waiver is a decision that the next reader has to take over. Without a reason nobody can, and
one that is about nothing hides the day when the text comes back. Also called `unused-waiver`.
"""

from __future__ import annotations

from collections.abc import Iterator

from conductor.lint.rule import Fix, Hit, Splice
from conductor.lint.subject import Form, Subject
from conductor.lint.waivers import Waiver, problem, waivers

CODE = "K505"
LEVELS = "wEE"
FORMS = {Form.ENSEMBLE, Form.PROFILE}
WAIVABLE = False
FIX = Fix.SAFE

_BLOCK = """\
description: "{}"
x-conductor:
  version: '1.0.0'
  license: MIT
  authors: [Ada]
  task: extraction
  waivers:
    - rule: tracker-reference
      at: description
      match: "sha256:eaa6d68dc7333c88fe9e2fccbd656dc670430e814d001b560a3deb06fa900e4c"
      reason: "{}"
"""
_ABOUT = "Finds what breaks the rules of ADR-048 in one short text."
_REASON = "ADR numbers are the subject matter of this ensemble"
GOOD = (_BLOCK.format(_ABOUT, _REASON),)
BAD = (
    (_BLOCK.format("Finds what breaks the rules in one short text.", _REASON), 8),
    (_BLOCK.format("Finds the likely risks in one short text.", "false positive"), 8),
)


def check(subject: Subject) -> Iterator[Hit]:
    for waiver in waivers(subject):
        path = ("x-conductor", "waivers", waiver.index)
        wrong = problem(waiver, subject.today)
        if wrong:
            yield _hit(waiver, path, f"the waiver of `{waiver.rule}` {wrong}", "renew or delete it")
        elif waiver.index not in subject.used:
            message = f"the waiver of `{waiver.rule}` is about nothing that is found here"
            yield _hit(waiver, path, message, "delete it", _deletion(subject, path))


def _hit(
    waiver: Waiver,
    path: tuple[str | int, ...],
    message: str,
    hint: str,
    edits: tuple[Splice, ...] = (),
) -> Hit:
    matched = f"{waiver.rule} {waiver.at} {waiver.match}"
    return Hit(message=message, path=path, matched=matched, hint=hint, edits=edits)


def _deletion(subject: Subject, path: tuple[str | int, ...]) -> tuple[Splice, ...]:
    """Cut out the lines of one entry; the whole list when it is the only one."""
    entries = subject.value(path[:-1])
    only = isinstance(entries, list) and len(entries) == 1
    start, span = subject.offset(path[:-1] if only else path), subject.spans.get(path)
    if start is None or span is None:
        return ()
    begin = subject.text.rfind("\n", 0, start) + 1
    end = span.end
    if subject.text[end - 1 : end] != "\n":  # in braces
        after = subject.text.find("\n", end)
        end, rest = after + 1, subject.text[end:after]
        if after < 0 or rest.strip():
            return ()
    if subject.text[begin:start].strip(" -"):
        return ()  # not a block of lines of its own
    return (Splice(begin, end, ""),)
