"""How many Claude tokens a text is worth, estimated without any model or download.

The pattern and its constant were fitted on 295 snippets (prose, code, JSON, YAML, other languages)
against the tokenizer family of Claude 3 to 4.6: median error 6 %, nine in ten within 16 %.
"""

from __future__ import annotations

import re

ESTIMATOR = "word-pieces-1"  # stored with every estimate: a change of the method is a new name
CONDENSED = "reading-spared-1"  # the same estimate of input less output: what Claude reads less

_PIECE = re.compile(r"[A-Za-z]+|\d{1,3}|[^\sA-Za-z\d]|\n+")
_ASCII = [chr(code) for code in range(128)]
_LETTERS = {ord(one): " " for one in _ASCII if not one.isalpha()}  # all else is a blank
_DIGITS = {ord(one): " " for one in _ASCII if not one.isdigit()}
_LONG = 6  # characters; a longer piece counts as pieces of about five
_SAMPLE = 200_000  # characters; beyond that the count is scaled up from the beginning


def estimate(text: str) -> int:
    """Estimate the number of tokens; linear, and bounded in time for texts of any size."""
    sample = text[:_SAMPLE]
    plain = sample.isascii() and "\n" * (_LONG + 1) not in sample
    counted = _plain(sample) if plain else _any(sample)
    return counted if len(text) <= _SAMPLE else counted * len(text) // _SAMPLE


def _any(text: str) -> int:
    lengths = list(map(len, _PIECE.findall(text)))
    return len(lengths) + _more(lengths)


def _plain(text: str) -> int:
    """Count the same pieces kind by kind, in half the time: most texts are of this form."""
    words = list(map(len, text.translate(_LETTERS).split()))
    numbers = list(map(len, text.translate(_DIGITS).split()))
    signs = sum(map(len, text.split())) - sum(words) - sum(numbers)
    lines = text.split("\n")
    breaks = len(lines) - 1 - lines[1:-1].count("")  # one for each run of them
    return len(words) + _more(words) + sum([(one + 2) // 3 for one in numbers]) + signs + breaks


def _more(lengths: list[int]) -> int:
    return sum([(length - 1) // 5 for length in lengths if length > _LONG])


def of_reading(estimator: str) -> bool:
    """Tell whether an estimate is of what Claude reads less, not of what it would write."""
    return estimator.startswith(CONDENSED)
