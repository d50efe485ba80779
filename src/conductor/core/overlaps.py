"""Rules that send tasks to smaller models which a later rule would not: order decides there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conductor.core.facts import Scalar
from conductor.core.layers import Layers, riskier


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Tasks that rule `index` decides, and that the later rule `other` would decide safer."""

    index: int
    other: int
    share: float  # of all that rule `index` decides, in percent
    volume: float  # of all tasks, in percent
    witness: dict[str, Scalar]  # facts that differ from their defaults


@dataclass(frozen=True, slots=True, kw_only=True)
class Remainder:
    """What no rule decides: the boxes, biggest first, and their share of all tasks in percent."""

    share: float
    boxes: tuple[tuple[float, dict[str, str]], ...]


def overlaps(layers: Layers) -> Iterator[Overlap]:
    """Find where a rule stands before one that is more careful; the largest first, per rule."""
    for index, own in enumerate(layers.decided):
        found = [
            Overlap(
                index=index,
                other=other,
                share=layers.share(both, own),
                volume=layers.share(both, layers.possible),
                witness=layers.space.unusual(both),
            )
            for other in range(index + 1, len(layers.rules))
            if riskier(layers.rules[index].outcome, layers.rules[other].outcome)
            and (both := layers.space.intersect(own, layers.regions[other]))
        ]
        yield from sorted(found, key=lambda one: (-one.share, one.other))


def remainder(layers: Layers) -> Remainder:
    """Give what reaches the default: the next rule that somebody might write."""
    space = layers.space
    boxes = [
        (layers.share([box], layers.possible), space.describe(box))
        for box in space.joined(layers.default)
    ]
    return Remainder(
        share=layers.share(layers.default, layers.possible),
        boxes=tuple(sorted(boxes, key=lambda one: (-one[0], len(one[1]), str(one[1])))),
    )
