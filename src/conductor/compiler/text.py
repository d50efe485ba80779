"""Text to plain values that remember where they stand, for TOML and YAML alike."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from conductor.compiler import engine_reader, toml_places, yaml_places
from conductor.compiler.spans import NONE, Places, Spans
from conductor.compiler.spots import Path, Spot, Spots
from conductor.core.finding import Finding, Place

_SIZE = 262_144  # characters: a policy or an ensemble beyond that is a mistake or an attack
_TOML_PLACE = re.compile(r" ?\((?:at line (\d+), column (\d+)|at end of document)\)$")
_TWICE_INLINE = re.compile(r"duplicate inline table key '(.+)'")
_ENGINE_YAML = (1, 1)
_OWN_YAML = (1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A file's plain data, and the (line, column) of each of its keys and items."""

    file: str
    data: object
    spots: Mapping[Path, Spot]
    spans: Spans = NONE  # none for what the engine's reader has read

    def part(self, path: Path) -> tuple[Parsed, Path]:
        """Give the file that says something, and its path there."""
        return self, path

    def extent(self, path: Path, *, key: bool) -> tuple[Place, Place | None]:
        """Give where a value, or with `key` its key, begins and ends; the end as far as known."""
        part, path = self.part(path)
        spans = part.spans.places.names if key else part.spans.places.values
        if span := spans.get(path):
            place = part.spans.place
            return place(part.file, span.start), place(part.file, span.end)
        return part.at(*path), None

    def at(self, *path: str | int) -> Place:
        """Give the place of a path, or of the nearest thing around it."""
        for length in range(len(path), -1, -1):
            if spot := self.spots.get(path[:length]):
                return Place(self.file, *spot)
        return Place(self.file)


def parse(file: str, text: str, *, for_engine: bool = False) -> Parsed | Finding:
    """Parse by the file's ending; a text that cannot be read gives one finding."""
    if len(text) > _SIZE:
        return Finding(
            name="too-large",
            message=f"the file has more than {_SIZE:,} characters",
            at=Place(file),
            hint="split it",
        )
    if file.endswith(".toml"):
        return _toml(file, text)
    return _yaml(file, text, _ENGINE_YAML if for_engine else _OWN_YAML)


def _toml(file: str, text: str) -> Parsed | Finding:
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        message = str(error) or "this is not TOML that can be read"
        found = _TOML_PLACE.search(message)
        line, column = (int(found[1]), int(found[2])) if found and found[1] else (_lines(text), 1)
        message = _TOML_PLACE.sub("", message)
        message = message[:1].lower() + message[1:]
        return _syntax(file, message, line, _begins(_plain(text), message, line, column))
    plain = _plain(text)
    spans = Spans(plain, lambda: toml_places.places(plain))
    return Parsed(file=file, data=data, spots=Spots(lambda: _toml_spots(plain)), spans=spans)


def _begins(plain: str, message: str, line: int, column: int) -> int:
    """Give where what is there twice begins: tomllib says where it ends."""
    written = plain.split("\n")[line - 1] if plain else ""
    if found := _TWICE_INLINE.match(message):
        return written.rfind(found[1], 0, column - 1) + 1 or column
    if message.startswith(("cannot overwrite", "cannot declare")):
        return len(written) - len(written.lstrip()) + 1
    return column


def _plain(text: str) -> str:
    """Turn CRLF into LF as tomllib does before it reads: positions must follow the same text."""
    return text.replace("\r\n", "\n")


def _toml_spots(plain: str) -> Mapping[Path, Spot]:
    starts = [0, *(end.end() for end in re.finditer("\n", plain))]
    spots = {}
    for path, offset in toml_places.places(plain).offsets.items():
        line = bisect_right(starts, offset)
        spots[path] = (line, offset - starts[line - 1] + 1)
    return spots


def _yaml(file: str, text: str, version: tuple[int, int]) -> Parsed | Finding:
    if read := engine_reader.quickly(text):  # what it takes, YAML 1.1 and 1.2 read alike
        found = Spans(text, lambda: _yaml_places(text))
        return Parsed(file=file, data=read[0], spots=read[1], spans=found)
    try:
        tree = yaml_places.read(text, version=version)
    except yaml_places.Refused as refused:
        return _syntax(file, refused.message, refused.line, refused.column, refused.hint)
    spans = Spans(text, lambda: Places(names=tree.names, values=tree.spans))
    return Parsed(file=file, data=tree.value, spots=tree.places, spans=spans)


def _yaml_places(text: str) -> Places:
    found = engine_reader.places(text)
    return Places(names=found.names, values=found.spans)


def _lines(text: str) -> int:
    return text.count("\n") + 1


def _syntax(file: str, message: str, line: int, column: int, hint: str = "") -> Finding:
    return Finding(
        name="syntax",
        message=message,
        at=Place(file, line, column),
        hint=hint or "correct the text; nothing after this place was read",
    )
