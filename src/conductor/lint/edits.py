"""Changes of a file as splices: made by rules, chosen and carried out by whoever mends.

INVARIANT: a splice never re-writes what it does not mean; comments and layout around it stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from conductor.core.finding import Span
from conductor.lint.fields import Path
from conductor.lint.rule import Splice
from conductor.lint.subject import Form, Subject

_BLOCK = "x-conductor"
_REST = re.compile(r"[ \t]*(?P<comment>#[^\r\n]*)?(?=\r?$)", re.MULTILINE)  # of a line
_PLAIN = re.compile(
    r"(?!(?:yes|no|on|off|true|false|null|y|n)$)[a-z_][a-z0-9_-]*", re.ASCII | re.IGNORECASE
)


def applied(text: str, edits: Iterable[Splice]) -> str:
    """Carry out splices that do not overlap; new lines end as those of the text do."""
    ending = "\r\n" if "\r\n" in text else "\n"
    for one in sorted(edits, reverse=True):
        text = text[: one.start] + one.text.replace("\n", ending) + text[one.end :]
    return text


def overlap(one: Splice, other: Splice) -> bool:
    """Tell whether the order of two splices would matter; two insertions at one place do."""
    return (one.start < other.end and other.start < one.end) or one.start == other.start


def scalar(text: str) -> str:
    """Write a text so that every reader takes it for text, in quotes only where it needs them."""
    if _PLAIN.fullmatch(text):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(one if one.isprintable() else f"\\U{ord(one):08x}" for one in quoted)


def renamed(subject: Subject, path: Path, old: str, new: str) -> tuple[Splice, ...]:
    """Replace a value by another name, with the quotes that it has; none where it stands apart."""
    span = subject.spans.get(path)
    if span is None:
        return ()
    raw = subject.text[span.start : span.end]
    if raw == old:
        return (Splice(span.start, span.end, scalar(new)),)
    if raw in {f'"{old}"', f"'{old}'"}:
        return (Splice(span.start + 1, span.end - 1, new),)
    return ()


def declare(subject: Subject, key: str, entry: str) -> tuple[Splice, ...]:
    """Add an entry to a list of the `x-conductor` block, made where it is missing.

    A script's block is that of the ensemble that runs it. Nothing is returned where there is none,
    or where the text has another layout than the usual ones.
    """
    if owner := subject.owner:
        edits = declare(owner, key, entry)
        return tuple(replace(one, file=owner.file) for one in edits)
    if subject.form is Form.SCRIPT:
        return ()
    if key in subject.block:
        return _listed(subject, key, entry)
    return _unlisted(subject, key, entry)


def _unlisted(subject: Subject, key: str, entry: str) -> tuple[Splice, ...]:
    """Make the list, and the block around it where that is missing too."""
    if _BLOCK not in subject.data:
        return appended(subject, f"{_BLOCK}:\n  {key}:\n    - {scalar(entry)}\n")
    at, indent, flow = _opening(subject)
    if at is None:
        return ()
    if flow:
        return (Splice(at, at, f"{key}: [{scalar(entry)}], "),)
    return (Splice(at, at, f"{key}:\n{indent}  - {scalar(entry)}\n{indent}"),)


def _listed(subject: Subject, key: str, entry: str) -> tuple[Splice, ...]:
    """Add an entry in front of those of a list, in brackets or with a dash each."""
    span, item = subject.spans.get((_BLOCK, key)), subject.offset((_BLOCK, key, 0))
    if not isinstance(subject.block[key], list) or span is None or item is None:
        return ()
    if subject.text[span.start] == "[":
        return (Splice(span.start + 1, span.start + 1, f"{scalar(entry)}, "),)
    dash = subject.text.rfind("-", 0, item)
    indent = subject.text[subject.text.rfind("\n", 0, dash) + 1 : dash]
    return () if indent.strip(" ") else (Splice(dash, dash, f"- {scalar(entry)}\n{indent}"),)


def put(subject: Subject, lines: Mapping[str, str]) -> tuple[Splice, ...]:
    """Give the `x-conductor` block keys that it lacks, with values as they are to be written."""
    if _BLOCK not in subject.data:
        body = "".join(f"  {key}: {value}\n" for key, value in lines.items())
        return appended(subject, f"{_BLOCK}:\n{body}")
    at, indent, flow = _opening(subject)
    if at is None:
        return ()
    end = ", " if flow else f"\n{indent}"
    return (Splice(at, at, "".join(f"{key}: {value}{end}" for key, value in lines.items())),)


def appended(subject: Subject, lines: str) -> tuple[Splice, ...]:
    """Add lines at the end of the file."""
    end = len(subject.text)
    gap = "" if subject.text.endswith("\n") else "\n"
    return (Splice(end, end, gap + lines),)


def below(subject: Subject, path: Path, line: str) -> tuple[Splice, ...]:
    """Add a line for another key below that of `path`; none in a mapping without lines."""
    start, span = subject.offset(path), subject.spans.get(path)
    if start is None or span is None:
        return ()
    before = subject.text[subject.text.rfind("\n", 0, start) + 1 : start]
    rest = _REST.match(subject.text, span.end)
    if before.strip(" -") or rest is None:
        return ()
    return (Splice(rest.end(), rest.end(), f"\n{' ' * len(before)}{line}"),)


def without_line(subject: Subject, path: Path) -> tuple[Splice, ...]:
    """Take a key and its value out; its line goes too, unless a comment stands there."""
    start, span = subject.offset(path), subject.spans.get(path)
    if start is None or span is None:
        return ()
    line = subject.text.rfind("\n", 0, start) + 1
    rest = _REST.match(subject.text, span.end)
    if subject.text[line:start].strip() or rest is None:
        return ()
    if rest["comment"]:
        return (Splice(start, rest.start("comment"), ""),)
    after = subject.text.find("\n", rest.end())
    return (Splice(line, after + 1, ""),) if after >= 0 else ()


def _opening(subject: Subject) -> tuple[int | None, str, bool]:
    """Say where the first key of the block stands, how far in, and whether it is in braces."""
    span: Span | None = subject.spans.get((_BLOCK,))
    first = next(iter(subject.block), None)
    at = subject.offset((_BLOCK, first)) if first is not None else None
    if span is None or at is None:
        return None, "", False
    if subject.text[span.start] == "{":
        return at, "", True
    indent = subject.text[subject.text.rfind("\n", 0, at) + 1 : at]
    return (None if indent.strip(" ") else at), indent, False
