"""A YAML file that somebody else wrote, read strictly before any rule looks at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from conductor.compiler import aliases, engine_reader, yaml_places
from conductor.compiler.spots import Path
from conductor.core.finding import Finding, Place, Span

MAX_BYTES = 262_144  # an ensemble beyond that is a mistake or an attack
ALIASES = 8  # uses of anchors that are read at all; a library takes none
_NAME = "strict-yaml"
_ENGINE_YAML = (1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """The text of a file, its plain data and where each path stands; empty when not readable."""

    text: str = ""
    data: Mapping[str, object] = field(default_factory=dict)
    places: Mapping[Path, tuple[int, int]] = field(default_factory=dict)
    spans: Mapping[Path, Span] = field(default_factory=dict)
    aliases: tuple[tuple[int, int], ...] = ()
    written_out: tuple[tuple[int, int, str], ...] = ()  # splices that leave no alias
    troubles: tuple[Finding, ...] = ()  # why it is not read, or read apart


def read(file: str, content: bytes) -> Foreign:
    """Read the bytes of an ensemble or a profile; whatever is wrong with them is a finding."""
    if len(content) > MAX_BYTES:
        message = f"the file has more than {MAX_BYTES // 1024} KiB"
        return Foreign(troubles=(_found(file, message, 1, 1, "split it"),))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Foreign(troubles=(_found(file, "this is not UTF-8", line, 1, "save it as UTF-8"),))
    if (quick := engine_reader.quickly(text)) and isinstance(quick[0], dict):
        found = engine_reader.places(text)
        return Foreign(text=text, data=quick[0], places=found.places, spans=found.spans)
    try:
        tree = yaml_places.read(text, version=_ENGINE_YAML, aliases=ALIASES)
    except yaml_places.Refused as refused:
        hint = refused.hint or "correct the text; nothing after this place was read"
        trouble = _found(file, refused.message, refused.line, refused.column, hint)
        return Foreign(text=text, troubles=(trouble,))
    if not isinstance(tree.value, dict):
        trouble = _found(file, "the file holds no mapping", 1, 1, "write `name:` and `agents:`")
        return Foreign(text=text, troubles=(trouble,))
    return Foreign(
        text=text,
        data=tree.value,
        places=tree.places,
        spans=tree.spans,
        aliases=tree.aliases,
        written_out=aliases.written_out(text, tree, _ENGINE_YAML) if tree.aliases else (),
        troubles=_read_apart(file, text, tree),
    )


def _read_apart(file: str, text: str, tree: yaml_places.Tree) -> tuple[Finding, ...]:
    path = engine_reader.difference(text, tree.value)
    if path is None:
        return ()
    line, column = tree.places.get(path, (1, 1))
    message = "the engine reads something else here than YAML 1.1 says"
    return (_found(file, message, line, column, "put the value in quotes"),)


def _found(file: str, message: str, line: int, column: int, hint: str) -> Finding:
    return Finding(name=_NAME, message=message, at=Place(file, line, column), hint=hint)
