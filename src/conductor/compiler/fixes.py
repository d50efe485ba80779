"""Fixes of findings, as edits of their file: each is tried and read again before it is offered.

INVARIANT: after a fix its file says what was meant and nothing else, and has all its comments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from conductor.compiler.rewrite import comments, ordered
from conductor.compiler.source import CasesDoc, RoutingDoc
from conductor.compiler.spots import Path
from conductor.compiler.text import Parsed, parse
from conductor.core.finding import Edit, Finding, Fix, Span

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN = re.compile(r"[a-z][a-z0-9_.-]*")  # in YAML, but for words such as `no`
_NOT_TEXT = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}

Cut = tuple[Span, str]  # a part of the text, and what comes in its place


def renamed(parsed: Parsed, path: Path, new: str) -> Fix | None:
    """Write a key in another way; its value stays."""
    part, path = parsed.part(path)
    if (span := part.spans.places.names.get(path)) is None or (
        around := value_at(part.data, path[:-1])
    ) is None:
        return None
    after = deepcopy(part.data)
    items = [(new if key == path[-1] else key, value) for key, value in around.items()]
    _replace(after, path[:-1], dict(items))
    return _proven(part, after, [(span, _word(part, span, new, key=True))], f"write `{new}`")


def rewritten(parsed: Parsed, path: Path, new: str | int) -> Fix | None:
    """Write another value in the place of a scalar."""
    part, path = parsed.part(path)
    if (span := part.spans.places.values.get(path)) is None:
        return None
    after = deepcopy(part.data)
    _replace(after, path, new)
    written = _word(part, span, new) if isinstance(new, str) else str(new)
    return _proven(part, after, [(span, written)], f"write `{new}`")


def opened(parsed: Parsed, line: str, values: dict[str, object]) -> Fix | None:
    """Put a line in front of all the others that say something."""
    if not isinstance(parsed.data, dict) or not parsed.spans.places.names:
        return None
    first = min(span.start for span in parsed.spans.places.names.values())
    start = parsed.spans.text.rfind("\n", 0, first) + 1
    gap = "\n\n" if parsed.spans.text[start] == "[" else "\n"
    after = {**values, **parsed.data}
    return _proven(parsed, after, [(Span(start, start), f"{line}{gap}")], f"write `{line}`")


def without(parsed: Parsed, does: str, *paths: Path) -> Fix | None:
    """Take entries out of one TOML file: keys, items of lists, or tables of a list."""
    parts = [parsed.part(path) for path in paths]
    part = parts[0][0]
    if any(other is not part for other, _ in parts):
        return None
    cuts = [_cut(part, path) for _, path in parts]
    after = deepcopy(part.data)
    for _, path in sorted(parts, key=lambda one: (len(one[1]), _place(one[1])), reverse=True):
        del value_at(after, path[:-1])[path[-1]]
    return _proven(part, after, [(cut, "") for cut in cuts if cut], does)


def without_rule(
    routing: tuple[Parsed, RoutingDoc], index: int, cases: Iterable[CasesDoc]
) -> Fix | None:
    """Take out a rule that is not missed, and its name wherever another rule overrides it.

    None when a case says that the rule decides it: then somebody wants it.
    """
    parsed, doc = routing
    rule = doc.rule[index]
    if any(case.rule == rule.id for file in cases for case in file.cases):
        return None
    named = [
        ("rule", other, "overrides", place)
        for other, one in enumerate(doc.rule)
        for place, name in enumerate(one.overrides)
        if name == rule.id
    ]
    return without(parsed, f"remove rule `{rule.id}`", ("rule", index), *named)


def _place(path: Path) -> list[str]:
    return [f"{step:>9}" for step in path]


def _cut(part: Parsed, path: Path) -> Span | None:
    """Choose what goes with an entry: its line, its table, or the comma between it and the next."""
    text, own = part.spans.text, _extent(part, path)
    if own is None:
        return None
    line = text.rfind("\n", 0, own.start) + 1
    end = text.find("\n", own.end) + 1 or len(text)
    if text[own.start : own.start + 2] == "[[":
        if end == len(text):
            return Span(len(text[:line].rstrip("\n")) + 1 if line else 0, end)
        return Span(line, end + len(text[end:]) - len(text[end:].lstrip("\n")))
    if isinstance(path[-1], str) and not text[line : own.start].strip():
        return Span(line, end)
    return _listed(part, path, own)


def _listed(part: Parsed, path: Path, own: Span) -> Span:
    """Choose what goes with one of several in brackets or braces."""
    around = value_at(part.data, path[:-1])
    names = list(around) if isinstance(around, dict) else list(range(len(around)))
    at = names.index(path[-1])
    if at + 1 < len(names) and (other := _extent(part, (*path[:-1], names[at + 1]))):
        return Span(own.start, other.start)
    if at and (other := _extent(part, (*path[:-1], names[at - 1]))):
        return Span(other.end, own.end)
    return own


def _extent(part: Parsed, path: Path) -> Span | None:
    return part.spans.places.entries.get(path) or part.spans.places.values.get(path)


def _proven(part: Parsed, after: object, cuts: Iterable[Cut], does: str) -> Fix | None:
    """Offer cuts that do not overlap, if the text then says just this, with the same comments."""
    old = new = part.spans.text
    cuts = sorted(cuts, key=lambda cut: cut[0].start)
    for span, text in reversed(cuts):
        new = new[: span.start] + text + new[span.end :]
    read = parse(part.file, new)
    if isinstance(read, Finding) or ordered(read.data) != ordered(after):
        return None
    if comments(part.file, old) != comments(part.file, new):
        return None
    place = part.spans.place
    edits = [Edit(place(part.file, one.start), place(part.file, one.end), to) for one, to in cuts]
    return Fix(does, tuple(edits)) if edits else None


def _word(part: Parsed, span: Span, new: str, *, key: bool = False) -> str:
    """Write a word as the one that stands there is written, in quotes where it needs them."""
    quote = part.spans.text[span.start]
    if quote in "\"'" and new.isprintable() and not {quote, "\\"}.intersection(new):
        return f"{quote}{new}{quote}"
    toml = part.file.endswith(".toml")
    bare = _BARE_KEY if toml and key else _PLAIN
    if (key or not toml) and bare.fullmatch(new) and (toml or new not in _NOT_TEXT):
        return new
    return json.dumps(new, ensure_ascii=False)


def value_at(data: Any, path: Path) -> Any:
    """Give what stands at a path of a document that has it."""
    for step in path:
        data = data[step]
    return data


def _replace(data: Any, path: Path, value: object) -> None:
    """Put a value into a document; a table keeps its identity, so that the root can change too."""
    there = value_at(data, path) if isinstance(value, dict) else None
    if isinstance(there, dict) and isinstance(value, dict):
        there.clear()
        there.update(value)
    else:
        value_at(data, path[:-1])[path[-1]] = value
