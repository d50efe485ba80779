"""What every command prints alike: findings, JSON, and words on the side."""

from __future__ import annotations

import json
from collections.abc import Mapping

import click

from conductor.app.wire import answer
from conductor.formats.text import count, findings, plural, safe, unified
from conductor.formats.wire import findings as findings_json

__all__ = [
    "as_json",
    "count",
    "difference",
    "document",
    "findings",
    "findings_json",
    "plural",
    "result",
    "safe",
    "say",
]


def say(message: str = "") -> None:
    """Tell the user something that is not the result: standard output stays clean."""
    click.echo(message, err=True)


def result(text: str) -> None:
    click.echo(text)


def document(content: Mapping[str, object]) -> None:
    """Print the answer of `--json`: one object that begins with its format."""
    click.echo(as_json(content))


def as_json(content: Mapping[str, object]) -> str:
    """Write the answer of `--json`, where it is not printed."""
    return json.dumps(answer(content), indent=2)


def difference(file: str, old: str, new: str) -> str:
    """Show what would change in a file, as a unified diff."""
    return safe(unified(file, old, new))
