"""Strict YAML: plain values with their places, and nothing that two readers may read apart.

Refused: duplicate keys, tags, anchors and aliases, merge keys, several documents, keys that are
not text, and nesting beyond any use. Reading goes through the node tree, so that nothing is built
before it has been looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from conductor.compiler.toml_places import Path

_DEPTH = 24
_PREFIX = "tag:yaml.org,2002:"
_PLAIN_TAGS = {_PREFIX + name for name in ("str", "int", "float", "bool", "null", "map", "seq")}


class Refused(Exception):
    """What the text may not contain, with its line and column (from 1)."""

    def __init__(self, message: str, line: int, column: int, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.hint = hint


def read(text: str, *, version: tuple[int, int]) -> tuple[object, dict[Path, tuple[int, int]]]:
    """Give the plain value and the (line, column) of each path; raises Refused.

    The engine reads YAML 1.1, where `no` is false; our own files are YAML 1.2.
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.version = version
    try:
        root = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise Refused(_sentence(error), line, column) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise Refused("this is not YAML that can be read", 1, 1) from error
    if root is None:
        return None, {}
    reader = _Reader()
    return reader.value(root, ()), reader.places


def _sentence(error: MarkedYAMLError) -> str:
    problem = str(error.problem or "not YAML")
    whole = f"{error.context}, {problem}" if problem.startswith("but ") else problem
    return whole.lower()


class _Reader:
    def __init__(self) -> None:
        self.places: dict[Path, tuple[int, int]] = {}

    def value(self, node: Node, path: Path) -> object:
        _refuse_surprises(node, len(path))
        self.places.setdefault(path, _mark(node))
        match node:
            case MappingNode():
                return {
                    key: self.value(value, (*path, key)) for key, value in self._pairs(node, path)
                }
            case SequenceNode():
                return [self.value(item, (*path, i)) for i, item in enumerate(node.value)]
            case _:
                return _scalar(node)

    def _pairs(self, node: MappingNode, path: Path) -> Iterator[tuple[str, Node]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            _refuse_surprises(key_node, len(path))
            key = key_node.value
            if not isinstance(key_node, ScalarNode) or _scalar(key_node) != key:
                raise Refused("a key is not text", *_mark(key_node), hint="put it in quotes")
            if key == "<<":
                raise Refused("merge keys are not allowed", *_mark(key_node), hint="write it out")
            if key in seen:
                raise Refused(
                    f"`{key}` is there twice", *_mark(key_node), hint="keep one of the two"
                )
            seen.add(key)
            self.places[*path, key] = _mark(key_node)
            yield key, value_node


def _refuse_surprises(node: Node, depth: int) -> None:
    if node.anchor is not None:
        raise Refused("anchors and aliases are not allowed", *_mark(node), hint="write it out")
    if str(node.tag) not in _PLAIN_TAGS | {_PREFIX + "timestamp", _PREFIX + "merge"}:
        raise Refused(f"the tag `{node.tag}` is not allowed", *_mark(node), hint="remove it")
    if depth > _DEPTH:
        raise Refused(f"nested deeper than {_DEPTH} levels", *_mark(node), hint="flatten it")


def _mark(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _scalar(node: Node) -> object:
    kind, text = str(node.tag).removeprefix(_PREFIX), str(node.value)
    try:
        match kind:
            case "null":
                return None
            case "bool":
                return text.lower() in ("true", "yes", "on")
            case "int":
                return _integer(text)
            case "float":
                return _float(text)
            case _:
                return text
    except ValueError as error:
        raise Refused(f"`{text}` cannot be read as a number", *_mark(node)) from error


def _integer(text: str) -> int:
    digits = text.replace("_", "")
    bare = digits.lstrip("+-")
    octal = len(bare) > 1 and bare.startswith("0") and bare.isdigit()  # as YAML 1.1 reads it
    return int(digits, 8 if octal else 0)


def _float(text: str) -> float:
    plain = text.replace("_", "").lower()
    return float(plain.replace(".inf", "inf").replace(".nan", "nan"))
