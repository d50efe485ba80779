"""Which rules can decide, and what keeps the others from it: exact, against all earlier rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conductor.core.facts import FactSpec
from conductor.core.policy import Rule
from conductor.core.space import Region, Space, covered, intersect, subtract


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    """A rule that never decides: `taken` gives the share of it that each earlier rule takes.

    Shares are in percent and add up to 100; empty when its own conditions contradict each other.
    """

    index: int  # of the rule
    rule: str
    taken: tuple[tuple[str, float], ...]


def dead_rules(specs: Mapping[str, FactSpec], rules: Sequence[Rule]) -> list[Dead]:
    """Find the rules that no task can reach."""
    space = Space(specs, [rule.when for rule in rules])
    regions = [space.region(rule.when) for rule in rules]
    return [
        Dead(index=index, rule=rule.id, taken=_taken(space, regions[index], rules, regions))
        for index, rule in enumerate(rules)
        if covered(regions[index], [box for earlier in regions[:index] for box in earlier])
    ]


def _taken(
    space: Space, region: Region, rules: Sequence[Rule], regions: Sequence[Region]
) -> tuple[tuple[str, float], ...]:
    """Let the rules take their parts of a region in order, until nothing is left of it."""
    whole, rest, shares = space.size(region), region, []
    for rule, other in zip(rules, regions, strict=True):
        if not rest:
            break
        if part := space.size(intersect(rest, other)):
            shares.append((rule.id, 100 * part / whole))
            rest = subtract(rest, other)
    return tuple(shares)
