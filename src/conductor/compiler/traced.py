"""Mistakes in what templates render, told in the template: once, not once for each spec."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from conductor.core.finding import Finding, Place

_CODE = re.compile(r"\{[{%]")


def traced(
    found: Iterable[Finding], rendered: str, templates: Mapping[str, str]
) -> Iterator[Finding]:
    """Move findings in a rendered text to the line of a template that alone can have written it."""
    lines = rendered.split("\n")
    for one in found:
        line = lines[one.at.line - 1]
        inside = one.at.column - 1 - (len(line) - len(line.lstrip()))
        places = [
            replace(at, column=at.column + inside)
            for file, text in templates.items()
            for at in _like(file, text, line.strip())
        ]
        yield replace(one, at=places[0], end=None, fix=None) if len(places) == 1 else one


def _like(file: str, text: str, written: str) -> Iterator[Place]:
    """Give the lines that say the same, up to the first value that is put in."""
    for number, line in enumerate(text.split("\n"), 1):
        plain, *more = _CODE.split(line.strip(), maxsplit=1)
        if (plain and written.startswith(plain)) if more else (plain and written == plain):
            yield Place(file, number, len(line) - len(line.lstrip()) + 1)
