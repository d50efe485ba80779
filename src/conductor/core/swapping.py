"""Models that do not fit into memory together, so that a server loads one in place of another.

Inside a run the engine decides. Between the runs of a batch there is a choice: items that begin
together go through the stages side by side, and a model that is loaded serves more than one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Swapping:
    """What the models of an ensemble take together, and what there is."""

    gigabytes: float
    memory_gigabytes: float


def swapping(sizes: Mapping[str, float | None], memory_gigabytes: float) -> Swapping | None:
    """Say that models swap; None where they fit together, or where a size is not known.

    `sizes` are gigabytes of memory by model.
    """
    known = [size for size in sizes.values() if size is not None]
    total = sum(known)
    if len(known) < max(2, len(sizes)) or total <= memory_gigabytes:
        return None
    return Swapping(gigabytes=total, memory_gigabytes=memory_gigabytes)
