"""How a file or an ensemble differs between where it is made and where it was promoted to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Drift(StrEnum):
    SAME = "same"
    AHEAD = "ahead"  # it changed here since it was promoted
    BEHIND = "behind"  # it changed there
    DIVERGED = "diverged"  # it changed on both sides, or nobody knows what was promoted
    ORPHAN = "orphan"  # it is there, and where it came from has it no more
    LOCAL = "local"  # it is only here


def drift(here: str, there: str, base: str) -> Drift:
    """Compare digests of one file; `base` is what was promoted. Empty: there is none."""
    if here == there:
        return Drift.SAME
    if not there:
        return Drift.LOCAL
    if not here:
        return Drift.ORPHAN
    if there == base:
        return Drift.AHEAD
    return Drift.BEHIND if here == base else Drift.DIVERGED


def overall(files: Iterable[Drift]) -> Drift:
    """Add up the files of an ensemble that is on both sides; changes on both are a divergence."""
    found = set(files) - {Drift.SAME}
    if not found:
        return Drift.SAME
    if found <= {Drift.AHEAD, Drift.LOCAL}:
        return Drift.AHEAD
    return Drift.BEHIND if found <= {Drift.BEHIND, Drift.ORPHAN} else Drift.DIVERGED


def whole(files: Mapping[str, Drift], own: str) -> Drift:
    """Add up an ensemble; its `own` file decides whether it is on both sides."""
    mine = files.get(own, Drift.LOCAL)
    return mine if mine in {Drift.ORPHAN, Drift.LOCAL} else overall(files.values())
