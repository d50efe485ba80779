"""What every command prints alike: findings, JSON, and words on the side."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

import click

from conductor.core.finding import Finding, Level

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # all but tab and line feed

FORMAT = {"format": 1}


def say(message: str = "") -> None:
    """Tell the user something that is not the result: standard output stays clean."""
    click.echo(message, err=True)


def result(text: str) -> None:
    click.echo(text)


def document(content: Mapping[str, object]) -> None:
    """Print the answer of `--json`: one object that begins with its format."""
    click.echo(json.dumps({**FORMAT, **content}, indent=2))


def safe(text: str) -> str:
    """Make foreign text harmless for a terminal: control characters are shown, not obeyed."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def findings(found: Iterable[Finding]) -> str:
    """Write each finding as `file:line:col: level[name]: message`, with its hint below."""
    lines = []
    for one in found:
        lines.append(f"{one.at}: {one.level}[{one.name}]: {one.message}")
        if one.hint:
            lines.append(f"  hint: {one.hint}")
    return "\n".join(lines)


def findings_json(found: Iterable[Finding]) -> list[dict[str, object]]:
    return [
        {
            "name": one.name,
            "level": str(one.level),
            "message": one.message,
            "file": one.at.file,
            "line": one.at.line,
            "column": one.at.column,
            "hint": one.hint,
        }
        for one in found
    ]


def count(found: Iterable[Finding]) -> str:
    """Count by level, as in `2 errors, 1 warning`; empty when there are none."""
    levels = [one.level for one in found]
    parts = [(levels.count(level), str(level)) for level in Level]
    return ", ".join(plural(number, word) for number, word in parts if number)


def plural(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
