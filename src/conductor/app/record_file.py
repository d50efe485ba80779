"""A judgement as somebody wrote it down: YAML or JSON, with the place of every mistake."""

from __future__ import annotations

import re
from collections.abc import Iterable

from conductor.compiler.text import Parsed, parse
from conductor.core.finding import Finding, in_order
from conductor.core.judgement import Mistake

_FENCE = re.compile(r"^(```|~~~)[^\n]*\n(.*?)^\1[ \t]*$", re.DOTALL | re.MULTILINE)


def read_record(file: str, text: str) -> Parsed | Finding:
    """Read a record; one in a code fence, as models like to answer, stands where it stood."""
    parsed = parse(file, _unfenced(text))
    if isinstance(parsed, Parsed) and not isinstance(parsed.data, dict):
        return Finding(
            name="no-record",
            message="this is no record of a judgement",
            at=parsed.at(),
            hint="answer with the record that `conductor judge prompt RUN` ends with",
        )
    return parsed


def placed(parsed: Parsed, mistakes: Iterable[Mistake]) -> tuple[Finding, ...]:
    """Say where in the file each mistake stands."""
    return in_order(
        Finding(name="bad-record", message=one.message, at=parsed.at(*one.path), hint=one.hint)
        for one in mistakes
    )


def _unfenced(text: str) -> str:
    """Empty every line outside the one fence, so that lines keep their numbers."""
    fences = list(_FENCE.finditer(text))
    if len(fences) != 1:
        return text
    start, end = fences[0].span(2)
    return "\n" * text.count("\n", 0, start) + text[start:end]
