"""Which rules can decide, and what keeps the others from it: exact, against all earlier rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conductor.core.facts import FactSpec
from conductor.core.policy import Rule
from conductor.core.space import Region, Space, intersect, subtract


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
    dead = []
    for index, rule in enumerate(rules):
        rest, taken = _taken(space, regions[index], rules[:index], regions[:index])
        if not rest:
            dead.append(Dead(index=index, rule=rule.id, taken=taken))
    return dead


def _taken(
    space: Space, region: Region, rules: Sequence[Rule], regions: Sequence[Region]
) -> tuple[Region, tuple[tuple[str, float], ...]]:
    """Let the earlier rules take their parts in order; gives what is left, and the shares."""
    whole, rest, shares = space.size(region), region, []
    for rule, other in zip(rules, regions, strict=True):
        if not rest:
            break
        part = space.size(intersect(rest, other))
        if part:
            shares.append((rule.id, 100 * part / whole))
            rest = subtract(rest, other)
    return rest, tuple(shares)
