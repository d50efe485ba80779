"""Findings as lines for a person, from which an editor can jump."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import unified_diff

from conductor.core.finding import Finding, Level

# All but tab and line feed, other line ends, what turns the writing, and halves of characters.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_BYTE = 0xFF


def safe(text: str) -> str:
    """Make foreign text harmless for a terminal: control characters are shown, not obeyed."""
    return _CONTROL.sub(lambda found: _shown(ord(found[0])), text)


def findings(found: Iterable[Finding]) -> str:
    """Write each finding as `file:line:col: level[name]: message`, with its hint below.

    What is waived is counted, not listed.
    """
    # A name with a line break in it must not look like another finding.
    lines = (line for one in found if not one.waived for line in _lines(one))
    return safe("\n".join(line.replace("\n", "\\n") for line in lines))


def count(found: Iterable[Finding]) -> str:
    """Count by level, as in `2 errors, 1 warning`; empty when there are none."""
    every = list(found)
    levels = [one.level for one in every if not one.waived]
    parts = [(levels.count(level), str(level)) for level in Level]
    waived = len(every) - len(levels)
    counted = [plural(number, word) for number, word in parts if number]
    return ", ".join([*counted, *([f"{waived} waived"] if waived else [])])


def unified(file: str, old: str, new: str) -> str:
    """Write what changes in a file as a unified diff, as git does also for an absolute path."""
    name = file.removeprefix("/")
    before, after = old.splitlines(), new.splitlines()
    return "\n".join(unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm=""))


def plural(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def title(finding: Finding) -> str:
    """Give the finding's code and name, as far as it has both."""
    return f"{finding.code} {finding.name}".lstrip()


def _shown(character: int) -> str:
    return f"\\x{character:02x}" if character <= _BYTE else f"\\u{character:04x}"


def _lines(one: Finding) -> Iterable[str]:
    yield f"{one.at}: {one.level}[{title(one)}]: {one.message}"
    for other in one.related:
        yield f"  {other.at}: {other.message}"
    if one.hint:
        yield f"  hint: {one.hint}"
