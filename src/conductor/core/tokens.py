"""How many Claude tokens a text is worth, estimated without any model or download.

The pattern and its constant were fitted on 295 snippets (prose, code, JSON, YAML, other languages)
against the tokenizer family of Claude 3 to 4.6: median error 6 %, nine in ten within 16 %.
"""

from __future__ import annotations

import re

ESTIMATOR = "word-pieces-1"  # stored with every estimate: a change of the method is a new name
CONDENSED = "reading-spared-1"  # the same estimate of input less output: what Claude reads less

_PIECE = re.compile(r"[A-Za-z]+|\d{1,3}|[^\sA-Za-z\d]|\n+")
_LONG = 6  # characters; a longer piece counts as pieces of about five
_SAMPLE = 200_000  # characters; beyond that the count is scaled up from the beginning


def estimate(text: str) -> int:
    """Estimate the number of tokens; linear, and bounded in time for texts of any size."""
    sample = text[:_SAMPLE]
    lengths = list(map(len, _PIECE.findall(sample)))
    longer = [length for length in lengths if length > _LONG]
    counted = len(lengths) + sum([(length - 1) // 5 for length in longer])
    return counted if len(text) <= _SAMPLE else counted * len(text) // _SAMPLE


def of_reading(estimator: str) -> bool:
    """Tell whether an estimate is of what Claude reads less, not of what it would write."""
    return estimator.startswith(CONDENSED)
