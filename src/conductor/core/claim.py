"""A statement of evidence read back, as something that somebody claims."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conductor.core.statement import PREDICATE, TYPE

MOST_BYTES = 200_000
_PREFIX = "sha256:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a statement says; nothing of it is checked."""

    ensemble: str
    text_digest: str
    policy: str
    files: Mapping[str, str]  # path -> digest
    judge: str
    good: int
    acceptable: int
    poor: int
    inputs: int
    interval: tuple[int, int]
    waived: tuple[str, ...]  # codes of rules

    @property
    def judged(self) -> int:
        return self.good + self.acceptable + self.poor


def read_claim(data: bytes) -> Claim:
    """Read a statement; raises ValueError, with the reason in words, for what is none."""
    if len(data) > MOST_BYTES:
        raise ValueError("it is too big")
    try:
        document = json.loads(data, object_pairs_hook=_once)
        return _claim(document)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("it is not of the form that conductor writes") from error


def _claim(document: Mapping[str, Any]) -> Claim:
    if (document["_type"], document["predicateType"]) != (TYPE, PREDICATE):
        raise ValueError("it is a statement about something else")
    predicate = document["predicate"]
    counts = predicate["evaluations"]
    numbers = [counts[key] for key in ("good", "acceptable", "poor", "distinct_inputs")]
    low, high = counts["interval_percent"]
    if not all(type(one) is int and one >= 0 for one in (*numbers, low, high)):
        raise ValueError("its counts are no counts")
    good, acceptable, poor, inputs = numbers
    return Claim(
        ensemble=str(predicate["ensemble"]),
        text_digest=str(predicate["text_digest"]),
        policy=str(predicate["policy"]),
        files={one["name"]: _PREFIX + one["digest"]["sha256"] for one in document["subject"]},
        judge=str(counts["judge"]),
        good=good,
        acceptable=acceptable,
        poor=poor,
        inputs=inputs,
        interval=(low, high),
        waived=tuple(map(str, predicate["lint"]["waived"])),
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that stands twice: two readers would read two things."""
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a key stands twice in it")
    return document
