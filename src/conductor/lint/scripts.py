"""What a Python script imports, read without running it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache

_BLOCK = re.compile(r"^# /// script\s*$\n((?:^#(?:| .*)$\n)+?)^# ///$", re.MULTILINE)  # PEP 723
_MAX_CHARACTERS = 500_000  # beyond that it is data, and the parser takes seconds


@lru_cache(maxsize=512)  # many ensembles run the same few scripts
def imports(source: str) -> tuple[tuple[str, int], ...]:
    """Give (module, line) of each import; nothing when the script cannot be parsed."""
    return tuple(_imports(source))


def _imports(source: str) -> Iterator[tuple[str, int]]:
    tree = parsed(source)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield module, node.lineno
            if module in {"urllib", "http"}:
                for alias in node.names:
                    yield f"{module}.{alias.name}", node.lineno


@lru_cache(maxsize=128)
def parsed(source: str) -> ast.Module | None:
    """Parse Python; None for what is none, or would exhaust the parser."""
    if len(source) > _MAX_CHARACTERS:
        return None
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def requirements(source: str) -> list[str]:
    """Give the distributions that a script declares for itself, by PEP 723."""
    found = _BLOCK.search(source)
    if found is None:
        return []
    lines = [line.removeprefix("#").removeprefix(" ") for line in found[1].splitlines()]
    try:
        entries = tomllib.loads("\n".join(lines)).get("dependencies", [])
    except tomllib.TOMLDecodeError:
        return []
    return [re.split(r"[\s<>=!~;\[(@]", str(entry), maxsplit=1)[0] for entry in entries]
