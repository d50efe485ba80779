"""Proof that a rewritten file says the same as before."""

from __future__ import annotations

import re
import tomllib

from conductor.compiler import yaml_layout
from conductor.compiler.text import parse
from conductor.compiler.toml_places import STRING
from conductor.core.finding import Finding

_STRING_OR_COMMENT = re.compile(f"(?:{STRING.pattern})|(#[^\n]*)", re.DOTALL)


def same(file: str, old: str, new: str) -> bool:
    """Tell whether both texts hold the same values, keys in the same order, and comments.

    Tables of TOML that belong together may have come together, each with its comments.
    """
    before, after = parse(file, old), parse(file, new)
    if isinstance(before, Finding) or isinstance(after, Finding):
        return False
    noted, noted_after = comments(file, old), comments(file, new)
    if file.endswith(".toml"):
        noted, noted_after = sorted(noted), sorted(noted_after)
    return ordered(before.data) == ordered(after.data) and noted == noted_after


def becomes(file: str, old: str, new: str, expected: object) -> bool:
    """Tell whether a new TOML text says what it should, with every comment of the old one."""
    try:
        says = tomllib.loads(new)
    except tomllib.TOMLDecodeError:
        return False
    return says == expected and comments(file, new) == comments(file, old)


def comments(file: str, text: str) -> list[str]:
    """List the comments of a TOML or YAML text in their order, without the space around them."""
    if file.endswith(".toml"):
        found = [match[1] for match in _STRING_OR_COMMENT.finditer(text) if match[1]]
    else:
        found = yaml_layout.comments(text)
    return [comment.removeprefix("#").strip() for comment in found]


def ordered(data: object) -> object:
    """Make what compares equal only with its types and in the same order: 1 is not true."""
    match data:
        case dict():
            return [(key, ordered(value)) for key, value in data.items()]
        case list():
            return [ordered(item) for item in data]
        case _:
            return type(data), data
