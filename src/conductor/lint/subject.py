"""One file under judgement: its values, where they stand, and what kind of text each is."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import PurePosixPath

from conductor.core.closure import Gap, agents_of
from conductor.core.finding import Finding, Place, Span
from conductor.lint.fields import Field, Path, Text, field_of, pieces
from conductor.lint.origin import Surroundings


class Form(StrEnum):
    """What a file is."""

    ENSEMBLE = "ensemble"
    PROFILE = "profile"
    SCRIPT = "script"
    EVIDENCE = "evidence"


_LINE_END = re.compile(r"\n")
# As YAML 1.1 counts lines, by which its places are given.
_YAML_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A file of a closure. Without readable content, `troubles` says why and `data` is empty."""

    form: Form
    file: str  # as findings name it
    text: str = ""
    data: Mapping[str, object] = field(default_factory=dict)  # empty for a script
    places: Mapping[Path, tuple[int, int]] = field(default_factory=dict)
    spans: Mapping[Path, Span] = field(default_factory=dict)
    aliases: tuple[tuple[int, int], ...] = ()
    written_out: tuple[tuple[int, int, str], ...] = ()  # splices that leave no alias
    troubles: tuple[Finding, ...] = ()
    escapes: tuple[str, ...] = ()  # why a file of its closure was not opened
    gaps: tuple[Gap, ...] = ()  # what its own references name and nobody has
    digests: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (kind, name) of members
    owner: Subject | None = None  # of a script: the ensemble that runs it
    around: Surroundings = field(default_factory=Surroundings)
    used: frozenset[int] = frozenset()  # waivers that a finding met; for the rule on waivers
    today: str = ""  # ISO date; likewise

    @property
    def name(self) -> str:
        """What the file is called without its ending."""
        return PurePosixPath(self.file).stem

    @property
    def block(self) -> Mapping[str, object]:
        """What is told to conductor: the `x-conductor` mapping, for a script its ensemble's."""
        block = (self.owner or self).data.get("x-conductor")
        return block if isinstance(block, dict) else {}

    @cached_property
    def agents(self) -> list[Mapping[str, object]]:
        return agents_of(self.data)

    @cached_property
    def _lines(self) -> list[int]:
        breaks = _LINE_END if self.form is Form.SCRIPT else _YAML_LINE_END
        return [0, *(end.end() for end in breaks.finditer(self.text))]

    def at(self, path: Path = (), offset: int | None = None) -> Place:
        """Give the place of an offset, or of a path or the nearest thing around it."""
        if offset is not None:
            line = bisect_right(self._lines, offset)
            return Place(self.file, line, offset - self._lines[line - 1] + 1)
        for length in range(len(path), -1, -1):
            if spot := self.places.get(path[:length]):
                return Place(self.file, *spot)
        return Place(self.file)

    def at_line(self, line: int) -> Place:
        return Place(self.file, line)

    def offset(self, path: Path) -> int | None:
        """Give the offset of a key or an item."""
        spot = self.places.get(path)
        return None if spot is None else self._lines[spot[0] - 1] + spot[1] - 1

    def find(self, text: Text, matched: str) -> int | None:
        """Give the offset in the file of something that a text holds, where it can be found."""
        if text.start is not None:
            inside = text.value.find(matched)
            return text.start + inside if inside >= 0 else text.start
        span = self.spans.get(text.path)
        if span is None:
            return None
        offset = self.text.find(matched, span.start, span.end)
        return offset if offset >= 0 else None

    def field_name(self, path: Path) -> str:
        """Write a path so that it survives a change of order: agents by name."""
        parts: list[str] = []
        for depth, part in enumerate(path):
            if isinstance(part, str):
                parts.append(part)
            elif path[:depth] == ("agents",) and (name := self._agent_name(part)):
                parts.append(name)
            else:
                parts.append(str(part))
        return ".".join(parts)

    def _agent_name(self, index: int) -> str:
        agents = self.data.get("agents")
        agent = agents[index] if isinstance(agents, list) and index < len(agents) else None
        return str(agent.get("name") or "") if isinstance(agent, dict) else ""

    def declared(self, key: str) -> list[str]:
        """Give the names in a list of the `x-conductor` block, also those of its mappings."""
        entries = self.block.get(key)
        found = [
            entry.get("name", next(iter(entry), "")) if isinstance(entry, dict) else entry
            for entry in (entries if isinstance(entries, list) else [])
        ]
        return [str(name) for name in found]

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """Every text of the file with its field, in the order of the file."""
        if self.form is Form.SCRIPT:
            return tuple(self._source_lines())
        return (*self._values(self.data, ()), *self._comments())

    def _source_lines(self) -> Iterator[Text]:
        offset = 0
        for line in self.text.splitlines(keepends=True):
            if not (offset == 0 and line.startswith("#!")):
                yield Text(line.rstrip("\r\n"), Field.SOURCE, (), offset)
            offset += len(line)

    def _values(self, value: object, path: Path) -> Iterator[Text]:
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from self._values(inner, (*path, key))
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                yield from self._values(inner, (*path, index))
        elif isinstance(value, str) and (kind := self._kind(path, value)):
            yield from pieces(value, kind, path)

    def _kind(self, path: Path, value: str) -> Field | None:
        return Field.NOTE if self.form is Form.EVIDENCE else field_of(path, value)

    def _comments(self) -> Iterator[Text]:
        """Find the comments: what begins with `#` outside every scalar."""
        scalars = sorted(
            (span.start, span.end)
            for path, span in self.spans.items()
            if not isinstance(self.value(path), dict | list)
        )
        starts = [start for start, _ in scalars]
        for found in re.finditer(r"(?:^|(?<=\s))#[^\n]*", self.text, re.MULTILINE):
            before = bisect_right(starts, found.start()) - 1
            if before < 0 or scalars[before][1] <= found.start():
                yield Text(found[0], Field.COMMENT, (), found.start())

    def value(self, path: Path) -> object:
        """Give what stands at a path; None when nothing does."""
        value: object = self.data
        for part in path:
            match value, part:
                case dict(), str():
                    value = value.get(part)
                case list(), int() if part < len(value):
                    value = value[part]
                case _:
                    return None
        return value
