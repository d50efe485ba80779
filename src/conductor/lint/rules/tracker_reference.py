"""An ensemble names no ticket, record or plan.

Avoid: "Checks the rules of ADR-048 (#1189)."

Prefer: "Checks that every endpoint has an owner"; the number goes into `x-conductor: notes`.

Why: outside your tracker the number leads nowhere, and in a prompt it is a number that a small
model repeats as if it were a fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conductor.lint.edits import declare
from conductor.lint.fields import PROSE, Field, Text
from conductor.lint.rule import Fix, Hit, Splice
from conductor.lint.subject import Form, Subject

CODE = "P206"
LEVELS = "hEE"
FORMS = {Form.ENSEMBLE, Form.PROFILE}
FIX = Fix.ASK

GOOD = ('description: "Looks for CWE-79 and CVE-2024-3094 in text that is UTF-8 and ISO-8601."\n',)
BAD = (
    ('description: "Finds what breaks the rules of ADR-048 in one short text."\n', 1),
    ('description: "Finds the likely risks in one short text, see issue #1189."\n', 1),
)

_TICKET = r"(?<![\w-])(?:[A-Z][A-Z0-9]{1,9}-\d{1,6}[a-z]?)(?![\w-]|\.\d)"
_GREYS = "|".join(f"{digit}{{3}}" for digit in range(10))
_NUMBER = rf"(?<![\w&#/])#(?!(?:{_GREYS})\b)\d{{2,5}}\b(?!-)"
_WORDED = (
    r"\b(?:issue|PR|MR|ticket|bug|pull request|ADR|RFD)s? [#!]?\d{1,6}\b"
    r"|\b(?:sprint|milestone) \d+\b"
)
_COMMIT = r"\bcommit [0-9a-f]{7,40}\b"
_PLAN = r"\b\d{4}-\d{2}-\d{2}-[a-z][\w-]+(?:\.md)?\b"
_ADDRESS = r"https?://[^\s/]+/\S*?/?(?:pull|issues|merge_requests|browse|commit)/[\w-]+"
_TRACKER = re.compile(f"{_ADDRESS}|{_TICKET}|{_NUMBER}|{_WORDED}|{_COMMIT}|{_PLAN}")
# Public numbering: everybody can look these up.
_PUBLIC = re.compile(
    r"(?:CVE|CWE|CAPEC|RFC|ISO|IEC|IEEE|PEP|BCP|STD|ECMA|ANSI|ASTM|DIN|EN|NIST|FIPS|OWASP|WCAG|GDPR|SOC|PCI"
    r"|SHA|MD|UTF|UCS|AES|RSA|TLS|SSL|HTTP|IPV|COVID|GPT|LLAMA|PHI|QWEN|GEMMA|CLAUDE|BERT|T|BM|MP|H|COL|TOP"
    r"|Q[1-4]|H[12]|ES|WIN|AMD|BASE|CP|LATIN|HTML|CSS|RTX|GTX|SQL|IP|PM|GPL|LGPL|AGPL|MPL|BSD|CC|AI|ARM|USB|MPEG|JPEG|LAB|A|B|C|Q|V|X|Z|F|P|S|L)-"
)
_AS_AN_EXAMPLE = ("such as ", "e.g. ", "for example ", "for instance ")  # of what input looks like
_FIELDS = PROSE | {Field.COMMENT, Field.PARAMETER}
_LEVELS = {Field.COMMENT: "-hh"}


def check(subject: Subject) -> Iterator[Hit]:
    for text in subject.texts:
        if text.field not in _FIELDS:
            continue
        for found in _TRACKER.finditer(text.value):
            before = text.value[: found.start()]
            if _PUBLIC.match(found[0]) or before.endswith(_AS_AN_EXAMPLE):
                continue
            yield Hit(
                message=f"`{found[0]}` can be looked up in one tracker only",
                path=text.path,
                offset=subject.find(text, found[0]),
                matched=found[0],
                hint="say what it stands for; the number goes into `x-conductor: notes`",
                levels=_LEVELS.get(text.field, ""),
                edits=_edits(subject, text, found[0]),
            )


# What can be cut out without breaking the sentence: an aside in brackets, or a `see …` at its end.
_ONE = f"(?:(?:see|per|cf\\.?|from|in|issue) )?(?:{_TRACKER.pattern})"
_ASIDE = re.compile(
    rf"[ \t]*\((?P<inner>{_ONE}(?:(?:, | and |; | / ){_ONE})*)\)"
    rf"|,? (?:see|per|cf\.) (?P<last>(?:{_TRACKER.pattern}))(?=[.\"']|[ \t]*$)",
    re.MULTILINE,
)


def _edits(subject: Subject, text: Text, reference: str) -> tuple[Splice, ...]:
    """Move an aside that is nothing but references into the notes."""
    at, span = subject.find(text, reference), subject.spans.get(text.path)
    if text.field not in PROSE or at is None or span is None:
        return ()
    for aside in _ASIDE.finditer(subject.text, span.start, span.end):
        if aside.start() < at < aside.end():
            note = declare(subject, "notes", aside["inner"] or aside["last"])
            return (Splice(aside.start(), aside.end(), ""), *note) if note else ()
    return ()
