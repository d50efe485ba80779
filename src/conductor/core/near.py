"""Texts that say nearly the same: exact up to case and space, or most of their word triples."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from hashlib import blake2b

_WORD = re.compile(r"\w+")
_GRAM = 3  # words that make a feature
_BANDS, _ROWS = 8, 4  # of the signature: texts that agree in one band are compared
_NEAR = 0.7  # share of features in common


def clusters(texts: Sequence[str]) -> list[int]:
    """Give, for each text, the index of the first text that it is nearly the same as.

    Being near is passed on: what is near to something near belongs to it.
    """
    features = [_features(text) for text in texts]
    roots = list(range(len(texts)))
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for index, one in enumerate(features):
        for key in _bands(one):
            for other in buckets[key]:
                if _root(roots, other) != _root(roots, index) and _near(features[other], one):
                    low, high = sorted((_root(roots, other), _root(roots, index)))
                    roots[high] = low
            buckets[key].append(index)
    return [_root(roots, index) for index in range(len(texts))]


def _features(text: str) -> frozenset[str]:
    words = _WORD.findall(text.casefold())
    if len(words) < _GRAM:
        return frozenset({" ".join(words)})
    return frozenset(" ".join(words[at : at + _GRAM]) for at in range(len(words) - _GRAM + 1))


def _bands(features: frozenset[str]) -> list[tuple[int, bytes]]:
    """Sign the features so that similar sets likely share a band (MinHash)."""
    hashes = [blake2b(one.encode(), digest_size=_BANDS * 8).digest() for one in features]
    bands = []
    for band in range(_BANDS):
        parts = [one[band * 8 : band * 8 + 8] for one in hashes]
        # Rows of a band: the same hash, turned by another constant each time.
        rows = [min(_turned(part, row) for part in parts) for row in range(_ROWS)]
        bands.append((band, b"".join(row.to_bytes(8, "big") for row in rows)))
    return bands


def _turned(part: bytes, row: int) -> int:
    odd = 0x9E3779B97F4A7C15 * (2 * row + 1)
    return int.from_bytes(part, "big") * odd % 2**64


def _near(one: frozenset[str], two: frozenset[str]) -> bool:
    return len(one & two) >= _NEAR * len(one | two)


def _root(roots: list[int], index: int) -> int:
    while roots[index] != index:
        roots[index] = roots[roots[index]]
        index = roots[index]
    return index
