"""An ensemble names no ticket, record or plan.

Avoid: "Checks the rules of ADR-048 (#1189)."

Prefer: "Checks that every endpoint has an owner"; the number goes into `x-conductor: notes`.

Why: outside your tracker the number leads nowhere, and in a prompt it is a number that a small
model repeats as if it were a fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conductor.lint.fields import PROSE, Field
from conductor.lint.rule import Hit
from conductor.lint.subject import Form, Subject

CODE = "P206"
LEVELS = "hEE"
FORMS = {Form.ENSEMBLE, Form.PROFILE}

GOOD = ('description: "Looks for CWE-79 and CVE-2024-3094 in text that is UTF-8 and ISO-8601."\n',)
BAD = (
    ('description: "Finds what breaks the rules of ADR-048 in one short text."\n', 1),
    ('description: "Finds the likely risks in one short text, see issue #1189."\n', 1),
)

_TICKET = r"(?<![\w-])(?:[A-Z][A-Z0-9]{1,9}-\d{1,6}[a-z]?)(?![\w-]|\.\d)"
_NUMBER = r"(?<![\w&#/])#\d{2,6}\b(?!-)"
_WORDED = r"\b(?:issue|PR|MR|ticket|bug|pull request|ADR|RFD)s? #?\d{1,6}\b|\bsprint \d+\b"
_PLAN = r"\b\d{4}-\d{2}-\d{2}-[a-z][\w-]+(?:\.md)?\b"
_TRACKER = re.compile(f"{_TICKET}|{_NUMBER}|{_WORDED}|{_PLAN}")
# Public numbering: everybody can look these up.
_PUBLIC = re.compile(
    r"(?:CVE|CWE|CAPEC|RFC|ISO|IEC|IEEE|PEP|BCP|STD|ECMA|ANSI|ASTM|DIN|EN|NIST|FIPS|OWASP|WCAG|GDPR|SOC|PCI"
    r"|SHA|MD|UTF|UCS|AES|RSA|TLS|SSL|HTTP|IPV|COVID|GPT|LLAMA|PHI|QWEN|GEMMA|CLAUDE|BERT|T|BM|MP|H|COL|TOP"
    r"|GPL|LGPL|AGPL|MPL|BSD|CC|AI|ARM|USB|MPEG|JPEG|LAB|A|B|C|Q|V|X|Z|F|P|S|L)-"
)
_FIELDS = PROSE | {Field.COMMENT, Field.PARAMETER}
_LEVELS = {Field.COMMENT: "-hh"}


def check(subject: Subject) -> Iterator[Hit]:
    for text in subject.texts:
        if text.field not in _FIELDS:
            continue
        for found in _TRACKER.finditer(text.value):
            if _PUBLIC.match(found[0]):
                continue
            yield Hit(
                message=f"`{found[0]}` can be looked up in one tracker only",
                path=text.path,
                offset=subject.find(text, found[0]),
                matched=found[0],
                hint="say what it stands for; the number goes into `x-conductor: notes`",
                levels=_LEVELS.get(text.field, ""),
            )
