"""Findings as workflow commands, which GitHub shows at their lines, and as a job summary.

The commands: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from conductor.core.finding import Finding, Level
from conductor.formats.text import count, safe, title

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})
_CELL = str.maketrans({"|": "\\|", "\r": " ", "\n": " ", "<": "&lt;"})


def commands(found: Iterable[Finding], *, below: str = "") -> str:
    """Write one workflow command for each finding that counts.

    `below` is the workspace's folder within the repository: GitHub's paths start at its root.
    """
    return "\n".join(_annotation(one, below) for one in found if not one.waived)


def summary(found: Sequence[Finding], headline: str) -> str:
    """Write the job summary: a headline, and a table when there is something to list."""
    listed = [one for one in found if not one.waived]
    lines = [f"### {headline}"]
    if count(found):
        lines += ["", count(found)]
    if listed:
        lines += ["", "| level | where | what | hint |", "|---|---|---|---|"]
        lines.extend(_row(one) for one in listed)
    return "\n".join(lines) + "\n"


def _annotation(one: Finding, below: str) -> str:
    properties = {
        "file": f"{below}/{one.at.file}" if below else one.at.file,
        "line": str(one.at.line),
        "col": str(one.at.column),
    }
    if one.end:
        properties |= {"endLine": str(one.end.line), "endColumn": str(one.end.column)}
    properties["title"] = title(one)
    written = ",".join(f"{key}={value.translate(_PROPERTY)}" for key, value in properties.items())
    text = f"{one.message}\n{one.hint}" if one.hint else one.message
    return safe(f"::{_COMMANDS[one.level]} {written}::{text.translate(_DATA)}")


def _row(one: Finding) -> str:
    cells = (f"{one.level}", f"`{one.at}`", f"{one.message} ({title(one)})", one.hint)
    return "| " + " | ".join(safe(cell.translate(_CELL)) for cell in cells) + " |"
