"""Markdown from templates, in the same sandbox: what policy files say stays text on its line."""

from __future__ import annotations

import re
from collections.abc import Mapping

from conductor.compiler.render.environment import Renderer
from conductor.compiler.render.quoting import Quoted
from conductor.core.finding import Finding
from conductor.errors import SourceError

_SUFFIX = ".j2"
_SPACE = re.compile(r"\s+")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")


def prose(value: object) -> Quoted:
    """Write a value as part of one line of Markdown: no new line, no tag, no new cell."""
    if not isinstance(value, str | int):
        raise TypeError(f"a {type(value).__name__} is no text")
    text = _CONTROL.sub("", _SPACE.sub(" ", str(value)).strip())
    return Quoted(_TAG.sub("&lt;", text).replace("|", "\\|"))


def pages(sources: Mapping[str, str], values: Mapping[str, object]) -> dict[str, str]:
    """Render every template, by its path without the suffix; raises SourceError at a mistake."""
    renderer = Renderer(sources, {"prose": prose})
    made = {}
    for path in sources:
        text = renderer.render(path, values)
        if isinstance(text, Finding):
            raise SourceError(text.message, at=str(text.at), hint=text.hint)
        made[path.removesuffix(_SUFFIX)] = text
    return made
