"""Which rules can decide, and what keeps the others from it: exact, against all earlier rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from conductor.core.boxes import Box, Region
from conductor.core.condition import Condition
from conductor.core.facts import FactSpec, Scalar
from conductor.core.policy import Rule
from conductor.core.space import Space


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    """A rule that never decides.

    `taken` names earlier rules that together take all of it, none of which could be left out, and
    the share that each takes of what those before it leave. Shares are in percent and add up to
    100; there are none when the rule's own conditions contradict each other.
    """

    index: int  # of the rule
    rule: str
    taken: tuple[tuple[str, float], ...]
    excluded: bool = False  # its conditions hold only where an invariant says that nothing is
    witness: Mapping[str, Scalar] = field(default_factory=dict)  # unusual facts of a task in it
    decides: str = ""  # the rule that decides this task


def dead_rules(
    specs: Mapping[str, FactSpec], rules: Sequence[Rule], impossible: Iterable[Condition] = ()
) -> list[Dead]:
    """Find the rules that no task can reach, leaving out what is declared impossible."""
    excluded = tuple(impossible)
    space = Space(specs, [*(rule.when for rule in rules), *excluded])
    nowhere = [box for condition in excluded for box in space.region(condition)]
    said = [space.region(rule.when) for rule in rules]
    regions = [space.subtract(region, nowhere) for region in said]
    dead, earlier = [], list[Box]()
    for index, (rule, region) in enumerate(zip(rules, regions, strict=True)):
        cover = space.cover(region, earlier)
        if cover is not None:
            if not region:
                dead.append(Dead(index=index, rule=rule.id, taken=(), excluded=bool(said[index])))
                continue
            owners = _owners(space, region, regions[:index], cover)
            parts = space.shares(region, [regions[owner] for owner in owners])
            whole = space.volume(region)
            shares = tuple(
                (rules[owner].id, 100 * part / whole)
                for owner, part in zip(owners, parts, strict=True)
            )
            point, owner = _example(space, region, regions[:index])
            dead.append(
                Dead(
                    index=index,
                    rule=rule.id,
                    taken=shares,
                    witness=point,
                    decides=rules[owner].id,
                )
            )
        earlier.extend(region)
    return dead


def _example(
    space: Space, region: Region, earlier: Sequence[Region]
) -> tuple[dict[str, Scalar], int]:
    """Give the plainest task of a region, and the first earlier rule that holds for it."""
    point = space.unusual(region)
    box = space.box({name: point.get(name, space.specs[name].default) for name in space.facts})
    owners = (at for at, one in enumerate(earlier) if any(space.meet(box, part) for part in one))
    return point, next(owners)


def _owners(space: Space, region: Region, earlier: Sequence[Region], cover: set[Box]) -> list[int]:
    """Give the rules that a cover belongs to, without those that the others make unnecessary."""
    owners = [at for at, one in enumerate(earlier) if not cover.isdisjoint(one)]
    for owner in tuple(owners):
        others = [box for one in owners if one != owner for box in earlier[one]]
        if space.covered(region, others):
            owners.remove(owner)
    return owners
