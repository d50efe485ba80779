"""An output that repeats itself, as small models do when they have lost the thread."""

from __future__ import annotations

import re
from collections import Counter

from conductor.core.checks.material import Material
from conductor.core.run import Check

_WINDOW = 3_000  # words from the end
_LONGEST, _TIMES, _COVERED = 60, 4, 12  # words of what repeats, how often, over how many in all
_LINES, _LINE_WORDS = 6, 2  # lines that make a pattern, and words that make a line
_GRAM, _GRAM_WORDS, _DISTINCT_PERCENT = 5, 60, 50
_WORD = re.compile(r"[^\W\d_]+|\d+")
_LINE = re.compile(r"[\n.!?;]+")
_SHORT_UNIT = re.compile(r"(\w[^\n]{0,20}?)\1{11,}\s*\Z")  # also where there are no words


def check(material: Material) -> Check:
    found = _repeats(material.prose)
    if found and _repeats(material.input):
        found = ""  # it repeats what does repeat itself
    return Check(name="looping", passed=not found, detail=found)


def _repeats(text: str) -> str:
    words = _WORD.findall(text.lower())[-_WINDOW:]
    if found := _tail(words):
        return f"it ends in a loop: “{found}”"
    lines = [" ".join(_WORD.findall(line)) for line in _LINE.split(text.lower())]
    lines = [line for line in lines if line.count(" ") >= _LINE_WORDS - 1]
    if len(lines) >= _LINES and len(set(lines)) * 2 < len(lines):
        line, times = Counter(lines).most_common(1)[0]
        return f"it says {times} times “{_cut(line)}”"
    grams = list(zip(*(words[start:] for start in range(_GRAM)), strict=False))
    if len(words) >= _GRAM_WORDS and len(set(grams)) * 100 < len(grams) * _DISTINCT_PERCENT:
        gram, times = Counter(grams).most_common(1)[0]
        return f"it says {times} times “{' '.join(gram)}”"
    short = _SHORT_UNIT.search(text[-_WINDOW:])
    return f"it ends in a loop: “{short[1].strip()}”" if short else ""


def _tail(words: list[str]) -> str:
    """Find the words that the text ends with again and again."""
    for period in range(1, min(_LONGEST, len(words) // _TIMES) + 1):
        same = 0
        while same + period < len(words) and words[-1 - same] == words[-1 - same - period]:
            same += 1
        covered = same + period
        if covered >= period * _TIMES and covered >= _COVERED:
            return _cut(" ".join(words[-period:]))
    return ""


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"  # noqa: PLR2004 - what fits a line
