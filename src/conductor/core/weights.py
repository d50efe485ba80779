"""How many of the tasks to come a set of values stands for, by the weights that a fact declares.

Without weights every value counts as one. A declared weight belongs to all values that it names
together, and is spread evenly over them; everything is scaled to whole numbers, so that sums and
products stay exact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import lcm

from conductor.core.facts import INTEGER, FactSpec, Scalar

Values = Sequence[Scalar]  # names; of an integer the lowest and the highest of each interval


def size(spec: FactSpec, values: Values) -> int:
    if spec.kind != INTEGER:
        return len(values)
    return sum(high - low + 1 for low, high in intervals(values))


def intervals(values: Values) -> list[tuple[int, int]]:
    ends = [int(one) for one in values]
    return list(zip(ends[::2], ends[1::2], strict=True))


def weighing(spec: FactSpec) -> Callable[[Values], int]:
    """Give the weight of values of a fact; always above zero."""
    if not spec.weights:
        return lambda values: size(spec, values)
    scale = lcm(*(size(spec, named) for named, _ in spec.weights))
    each = [(named, weight * scale // size(spec, named)) for named, weight in spec.weights]
    return lambda values: sum(_common(spec, named, values) * one for named, one in each)


def written(values: Values) -> str:
    """Say which values one weight is for, as people declare it."""
    if any(isinstance(value, str | bool) for value in values):
        return ", ".join(str(value).lower() for value in values)
    ends = intervals(values)
    return " and ".join(str(low) if low == high else f"{low}..{high}" for low, high in ends)


def _common(spec: FactSpec, one: Values, two: Values) -> int:
    """Count the values that are in both."""
    if spec.kind != INTEGER:
        return len({*one} & {*two})
    return sum(
        max(0, min(high, top) - max(low, bottom) + 1)
        for low, high in intervals(one)
        for bottom, top in intervals(two)
    )
