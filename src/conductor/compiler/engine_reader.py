"""The engine's own reader, PyYAML: quick for texts without surprises, and a witness for others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from conductor.compiler.spots import Path, Spot, Spots
from conductor.core.finding import Span

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # one behaviour, in C where it is built
_DEPTH = 16  # below the strict reader's limit, which then has the last word
# Words and numbers that every reader of YAML takes for the same; the rest is looked at closely.
_WORD = re.compile(
    r"(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z][a-z0-9_./-]*(:[a-z0-9_./-]+)*", re.IGNORECASE
)
# A blank is in no word with a meaning; between brackets and braces, more signs have one.
_PROSE = re.compile(r"[^\W\d_][^\n:#]* [^\n:#]*")
_INSIDE = re.compile(r"[^\W\d_][\w./-]*(?: [\w./-]+)+")
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,8}")
_DECIMAL = re.compile(r"[0-9]\.[0-9]{1,6}")
# Breaks after which lines and columns are counted apart, and tabs, which not all accept as space;
# a comment right behind the sign of a block.
_APART = re.compile("[\t\r\x85\u2028\u2029\ufeff]|[|>][-+0-9]*#")
_BOOLEAN = {"true": True, "false": False}


class _CloserLookError(Exception):
    """Something that not every reader reads alike, or that an ensemble may not contain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where things stand in a text, as `yaml_places.Tree` says it."""

    places: dict[Path, Spot] = field(default_factory=dict)  # of keys and items
    spans: dict[Path, Span] = field(default_factory=dict)  # of values
    names: dict[Path, Span] = field(default_factory=dict)  # of keys


def quickly(text: str) -> tuple[object, Spots] | None:
    """Give the plain value and the (line, column) of each path, as the strict reader would.

    None when the text holds anything unusual: then the strict reader decides, and says why.
    """
    if _APART.search(text):
        return None
    try:
        return _Builder(text).document(), Spots(lambda: places(text).places)
    except (_CloserLookError, yaml.YAMLError, ValueError, RecursionError):
        return None


def difference(text: str, ours: object) -> Path | None:
    """Give the first path where the engine reads something else; None when it reads the same."""
    try:
        theirs = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, written in C
    except (yaml.YAMLError, ValueError, RecursionError):
        return ()
    return _apart(ours, theirs, ())


def _apart(ours: object, theirs: object, path: Path) -> Path | None:
    match ours, theirs:
        case dict(), dict():
            if list(ours) != list(theirs):
                return path
            pairs = [(ours[key], theirs[key], (*path, key)) for key in ours]
        case list(), list():
            if len(ours) != len(theirs):
                return path
            pairs = [
                (one, other, (*path, i))
                for i, (one, other) in enumerate(zip(ours, theirs, strict=True))
            ]
        case str(), date():
            return None  # a date: to us its text; rule `ambiguous-scalar` asks for quotes
        case _:
            same = type(ours) is type(theirs) and (ours == theirs or repr(ours) == repr(theirs))
            return None if same else path
    return next((found for one in pairs if (found := _apart(*one)) is not None), None)


def places(text: str) -> Found:
    """Find where everything stands in a text that could be read quickly."""
    found = Found()
    _Builder(text, found).document()
    return found


class _Builder:
    """Builds the value of a text, and notes in `found` where its keys and values stand."""

    def __init__(self, text: str, found: Found | None = None) -> None:
        self._events: Iterator[Any] = yaml.parse(text, Loader=_Loader)
        self._last: Any = None  # the event that ended a collection
        self._found = found

    def document(self) -> object:
        self._expect(yaml.StreamStartEvent)
        self._expect(yaml.DocumentStartEvent)
        value = self._value(next(self._events), (), flow=False)
        self._expect(yaml.DocumentEndEvent)
        self._expect(yaml.StreamEndEvent)
        return value

    def _expect(self, kind: type) -> None:
        if not isinstance(next(self._events), kind):
            raise _CloserLookError

    def _value(self, event: Any, path: Path, *, flow: bool) -> object:
        if event.anchor is not None or event.tag is not None or len(path) > _DEPTH:
            raise _CloserLookError
        if self._found is not None:
            self._found.places.setdefault(path, _spot(event))
            self._found.spans[path] = _span(event, event)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event, flow=flow)
        flow = flow or bool(event.flow_style)
        mapping = isinstance(event, yaml.MappingStartEvent)
        value = self._mapping(path, flow=flow) if mapping else self._sequence(path, flow=flow)
        if self._found is not None:
            self._found.spans[path] = _span(event, self._last)
        return value

    def _mapping(self, path: Path, *, flow: bool) -> dict[str, object]:
        values: dict[str, object] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                raise _CloserLookError
            key = _scalar(event, flow=flow)
            if not isinstance(key, str) or key in values:
                raise _CloserLookError
            inner = (*path, key)
            if self._found is not None:
                self._found.places[inner] = _spot(event)
                self._found.names[inner] = _span(event, event)
            values[key] = self._value(next(self._events), inner, flow=flow)
        self._last = event
        return values

    def _sequence(self, path: Path, *, flow: bool) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items)), flow=flow))
        self._last = event
        return items


def _spot(event: Any) -> Spot:
    mark = event.start_mark
    return mark.line + 1, mark.column + 1


def _span(first: Any, last: Any) -> Span:
    plain = isinstance(first, yaml.ScalarEvent) and not first.style
    return Span(first.start_mark.index, last.end_mark.index, plain)


def _scalar(event: Any, *, flow: bool) -> object:
    text: str = event.value
    if event.style in ("|", ">") and not text:
        raise _CloserLookError  # where an empty block ends, readers see apart
    if event.style or _WORD.fullmatch(text):
        return text
    one_line = event.start_mark.line == event.end_mark.line
    if one_line and (_INSIDE if flow else _PROSE).fullmatch(text):
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    raise _CloserLookError
