"""What the words that ask for an ensemble say about the answers to its form."""

from __future__ import annotations

import re

_WORD = r"[a-z][\w-]{0,31}"
_NEXT = r"(?:,\s*(?:or\s+|and\s+)?|\s+or\s+|\s+and\s+)"
# `as positive or negative`, `into bug, feature and question`, `either spam or ham`.
_CHOICES = re.compile(
    rf"\b(?:as|into|either|one of|labels?|categories|classes)\s*:?\s+({_WORD}(?:{_NEXT}{_WORD})+)",
    re.IGNORECASE,
)
_MOST = 12  # labels: of more, a person should think
_SENTENCE = re.compile(r"[.!?](?=\s+[A-Z])|\n|$")
_LONGEST = 160  # characters of a description, which is shown in lists


def choices(text: str) -> dict[str, str]:
    """Find the labels that a task lists, each with a meaning to begin with; empty without any."""
    found = _CHOICES.search(text)
    names = re.split(_NEXT, found[1], flags=re.IGNORECASE) if found else []
    labels = dict.fromkeys(name.strip().lower() for name in names)
    return {name: f"it is {name}" for name in labels} if 1 < len(labels) <= _MOST else {}


def first_sentence(text: str) -> str:
    """Shorten the words that ask for an ensemble to its description."""
    words = text.strip()
    end = _SENTENCE.search(words)
    first = " ".join(words[: end.end() if end else None].split())
    return first if len(first) <= _LONGEST else f"{first[: _LONGEST - 1].rstrip()}…"
