"""What a policy could do without: rules and conditions whose loss no task would notice."""

from __future__ import annotations

from collections.abc import Iterator

from conductor.core.boxes import Region
from conductor.core.condition import Condition
from conductor.core.layers import Layers, action


def neutral(layers: Layers) -> Iterator[int]:
    """Find the rules that decide tasks which would be decided alike without them."""
    for index, own in enumerate(layers.decided):
        if own and _alike(layers, index, own):
            yield index


def can_become(layers: Layers, index: int, when: Condition) -> bool:
    """Tell whether a rule could have another condition, and every task be decided as before.

    INVARIANT: the layers were cut by `when` too.
    """
    space, before, after = layers.space, layers.regions[index], layers.region(when)
    earlier = [box for region in layers.regions[:index] for box in region]
    changed = [*space.subtract(before, after), *space.subtract(after, before)]
    return _alike(layers, index, space.subtract(changed, earlier))


def mergeable(layers: Layers) -> Iterator[int]:
    """Find the rules that could be one with the next: same action, and together one box."""
    for index, (rule, after) in enumerate(zip(layers.rules, layers.rules[1:], strict=False)):
        one, two = layers.regions[index], layers.regions[index + 1]
        if action(rule) != action(after) or len(one) != 1 or len(two) != 1:
            continue
        together = layers.space.joined(layers.space.disjoint([*one, *two]))
        if len(together) == 1 and layers.space.unbroken(together[0]):
            yield index


def _alike(layers: Layers, index: int, region: Region) -> bool:
    """Tell whether the rules behind would do with a region just what this rule does."""
    own = action(layers.rules[index])
    return all(other == own for other, _ in layers.below(index, region))
