"""Strict YAML: plain values with their places, and nothing that two readers may read apart.

Refused: duplicate keys, tags, merge keys, several documents, keys that are not text, anchors and
aliases beyond what the caller allows, and nesting beyond any use. Reading goes through the node
tree, so that nothing is built before it has been looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from conductor.compiler.spots import Path
from conductor.compiler.yaml_scalars import PREFIX, scalar
from conductor.core.finding import Span

_DEPTH = 24
_PLAIN_TAGS = {PREFIX + name for name in ("str", "int", "float", "bool", "null", "map", "seq")}
_SURPRISING_TAGS = {PREFIX + "timestamp", PREFIX + "merge"}  # text, and a key that is refused
# Beyond what YAML allows anyway: a mark that some readers drop and others keep.
_UNREADABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


class Refused(Exception):
    """What the text may not contain, with its line and column (from 1)."""

    def __init__(self, message: str, line: int, column: int, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.hint = hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """What a text holds: its plain value, and where each path of it stands."""

    value: object
    places: dict[Path, tuple[int, int]]  # line and column of each key and item
    spans: dict[Path, Span]  # of each value
    names: dict[Path, Span]  # of each key
    aliases: tuple[tuple[int, int], ...] = ()  # line and column of the anchors that are used


def read(text: str, *, version: tuple[int, int], aliases: int = 0) -> Tree:
    """Read the one document of a text; raises Refused.

    The engine reads YAML 1.1, where `no` is false; our own files are YAML 1.2. `aliases` counts
    every visit to a node that was read before, so that aliases of aliases cannot multiply.
    """
    if found := _UNREADABLE.search(text):
        raise _refused(f"the character U+{ord(found[0]):04X} is not allowed", text, found.start())
    root = _compose(text, version)
    if root is None:
        return Tree(value=None, places={}, spans={}, names={})
    reader = _Reader(aliases)
    value = reader.value(root, ())
    return Tree(
        value=value,
        places=reader.places,
        spans=reader.spans,
        names=reader.names,
        aliases=tuple(reader.aliases),
    )


def _refused(message: str, text: str, offset: int) -> Refused:
    line = text.count("\n", 0, offset) + 1
    return Refused(message, line, offset - text.rfind("\n", 0, offset), "remove it")


def _compose(text: str, version: tuple[int, int]) -> Node | None:
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _Bounded
    yaml.version = version
    try:
        root: Node | None = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise Refused(_sentence(error), line, column) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise Refused("this is not YAML that can be read", 1, 1) from error
    return root


def _sentence(error: MarkedYAMLError) -> str:
    problem = str(error.problem or "not YAML")
    whole = f"{error.context}, {problem}" if problem.startswith("but ") else problem
    return whole.lower()


class _Bounded(Composer):
    """Stops at the depth limit while the tree is built, not when Python's stack is full."""

    _level = 0

    def __init__(self, loader: object = None) -> None:
        super().__init__(loader)
        self.warn_double_anchors = False  # an anchor may be used again; aliases are counted

    def compose_node(self, parent: Node | None, index: object) -> Node:
        if self._level > _DEPTH:
            mark = self.parser.peek_event().start_mark
            raise Refused(_TOO_DEEP, mark.line + 1, mark.column + 1, hint="flatten it")
        self._level += 1
        try:
            node: Node = super().compose_node(parent, index)
        finally:
            self._level -= 1
        return node


_TOO_DEEP = f"nested deeper than {_DEPTH} levels"


@dataclass(slots=True)
class _Reader:
    budget: int
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    spans: dict[Path, Span] = field(default_factory=dict)
    names: dict[Path, Span] = field(default_factory=dict)
    aliases: list[tuple[int, int]] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def value(self, node: Node, path: Path) -> object:
        self._refuse_surprises(node, len(path))
        self.places.setdefault(path, _mark(node))
        self.spans[path] = _span(node)
        match node:
            case MappingNode():
                return {
                    key: self.value(value, (*path, key)) for key, value in self._pairs(node, path)
                }
            case SequenceNode():
                return [self.value(item, (*path, i)) for i, item in enumerate(node.value)]
            case _:
                return _value(node)

    def _pairs(self, node: MappingNode, path: Path) -> Iterator[tuple[str, Node]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            self._refuse_surprises(key_node, len(path))
            key = key_node.value
            if not isinstance(key_node, ScalarNode) or _value(key_node) != key:
                raise Refused("a key is not text", *_mark(key_node), hint="put it in quotes")
            if key == "<<":
                raise Refused("merge keys are not allowed", *_mark(key_node), hint="write it out")
            if key in seen:
                raise Refused(
                    f"`{key}` is there twice", *_mark(key_node), hint="keep one of the two"
                )
            seen.add(key)
            self.places[*path, key] = _mark(key_node)
            self.names[*path, key] = _span(key_node)
            yield key, value_node

    def _refuse_surprises(self, node: Node, depth: int) -> None:
        if node.anchor is not None:
            self._count(node)
        if str(node.tag) not in _PLAIN_TAGS | _SURPRISING_TAGS:
            raise Refused(f"the tag `{node.tag}` is not allowed", *_mark(node), hint="remove it")
        if depth > _DEPTH:
            raise Refused(_TOO_DEEP, *_mark(node), hint="flatten it")

    def _count(self, node: Node) -> None:
        if self.budget == 0:
            raise Refused("anchors and aliases are not allowed", *_mark(node), hint="write it out")
        if id(node) in self.seen:
            self.aliases.append(_mark(node))
        self.seen.add(id(node))
        if len(self.aliases) > self.budget:
            message = f"more than {self.budget} aliases are used"
            raise Refused(message, *_mark(node), hint="write it out")


def _mark(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _span(node: Node) -> Span:
    plain = isinstance(node, ScalarNode) and node.style is None
    return Span(node.start_mark.index, node.end_mark.index, plain)


_SHOWN = 40  # characters of a mistaken value


def _value(node: Node) -> object:
    try:
        return scalar(str(node.tag), str(node.value))
    except ValueError as error:
        written = node.value if len(node.value) <= _SHOWN else f"{node.value[:_SHOWN]}…"
        raise Refused(f"`{written}` cannot be read as a number", *_mark(node)) from error
