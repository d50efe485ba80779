"""Two things measured on the same inputs: what may be said of them, however few inputs there are.

Nothing is assumed about how the numbers are spread. That is why it takes six pairs to say anything
at 95 %: of five fair coins, all fall on one side more often than once in twenty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from statistics import median

_DOUBT = 0.05
LEAST = 6  # pairs below which no interval and no difference holds at 95 %


@dataclass(frozen=True, slots=True, kw_only=True)
class Middle:
    """The median of a sample; `interval` covers the true one at 95 %, None when none can."""

    value: float
    interval: tuple[float, float] | None


def middle(values: Sequence[float]) -> Middle:
    """Give the median with the order statistics around it. `values` must not be empty."""
    ordered = sorted(values)
    outside = _outside(len(ordered))
    interval = (ordered[outside - 1], ordered[-outside]) if outside else None
    return Middle(value=median(ordered), interval=interval)


def differs(more: int, less: int) -> bool:
    """Tell by the exact two-sided sign test whether one side wins more often than chance would."""
    return 2 * _tail(min(more, less), more + less) < _DOUBT


def _outside(count: int) -> int:
    """Count the values that may lie outside the interval on each side, and one."""
    outside = 0
    while 2 * _tail(outside, count) < _DOUBT:
        outside += 1
    return outside


def _tail(most: int, count: int) -> float:
    """Give the chance of at most `most` heads in `count` throws of a fair coin."""
    return float(sum(comb(count, heads) for heads in range(most + 1)) / 2**count)
