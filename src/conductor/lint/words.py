"""A list of words as it is easiest to read."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """Take the words of a text apart."""
    return frozenset(text.split())
