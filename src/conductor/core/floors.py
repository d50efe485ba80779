"""Floors: for some tasks only these outcomes, whatever the rules say and in whatever order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from conductor.core.boxes import Region
from conductor.core.condition import Condition
from conductor.core.difference import pieces, space_of
from conductor.core.facts import Scalar
from conductor.core.policy import COMPOSE, LOCAL, Policy
from conductor.core.space import Space


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    id: str
    when: Condition
    allows: tuple[str, ...]  # outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A rule (empty: the default) that decides what a floor does not allow."""

    floor: int  # its index
    rule: str
    outcome: str
    after_failure: bool  # not the rule's own outcome, but where it sends what failed a check
    witness: dict[str, Scalar]  # facts that differ from their defaults


def breaches(policy: Policy, floors: Sequence[Floor]) -> Iterator[Breach]:
    """Find what passes below a floor: what rules say, what that means today, and what follows.

    A `local` rule counts as local even where no ensemble serves the task yet, and also as what it
    then becomes: a floor must hold whatever the registry holds.
    """
    space = space_of(policy, *(floor.when for floor in floors))
    possible: Region = [space.whole]
    for condition in policy.impossible:
        possible = space.subtract(possible, space.region(condition))
    for index, floor in enumerate(floors):
        found: set[tuple[str, str]] = set()
        region = space.intersect(space.region(floor.when), possible)
        for rule, outcome, after_failure, part in _outcomes(policy, space, region):
            if outcome not in floor.allows and (rule, outcome) not in found:
                found.add((rule, outcome))
                yield Breach(
                    floor=index,
                    rule=rule,
                    outcome=outcome,
                    after_failure=after_failure,
                    witness=space.unusual(part),
                )


def _outcomes(
    policy: Policy, space: Space, region: Region
) -> Iterator[tuple[str, str, bool, Region]]:
    rules = {rule.id: rule for rule in policy.rules}
    for piece in pieces(policy, space, region):
        rule = rules.get(piece.rule)
        if rule:
            yield piece.rule, rule.outcome, False, piece.region
        yield piece.rule, piece.outcome, False, piece.region
        if rule and rule.outcome in (LOCAL, COMPOSE):
            yield piece.rule, rule.on_failure, True, piece.region
