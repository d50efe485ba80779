"""What cases can show about each rule: that it decides, and that each of its conditions matters.

A condition is shown when it alone makes the difference, once by holding and once by failing, in a
task that reaches its rule (masking MC/DC); a boundary, when that happens on both of its sides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from conductor.core.boxes import Region
from conductor.core.condition import ALL, ANY, NOT, Atom, Condition, Group, words
from conductor.core.difference import space_of
from conductor.core.facts import INTEGER, FactSpec, Scalar
from conductor.core.policy import Policy

_ALWAYS = Group(ALL, ())

# The values on both sides of where an operator changes its answer, as seen from its constant.
_SIDES = {"lt": (-1, 0), "ge": (-1, 0), "le": (0, 1), "gt": (0, 1)}
_AROUND = (-1, 0, 1)


class Kind(StrEnum):
    RULE = "rule"
    BOUNDARY = "boundary"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A task for which `where` holds and that reaches the rule shows `what`."""

    index: int  # of the rule
    kind: Kind
    what: str
    where: Condition


def goals(policy: Policy) -> list[Goal]:
    """List what cases should show, boundaries first: a case on one shows its condition too."""
    rules = [
        Goal(index=index, kind=Kind.RULE, what="it decides", where=rule.when)
        for index, rule in enumerate(policy.rules)
    ]
    parts = [
        goal
        for index, rule in enumerate(policy.rules)
        for atom, matters in _atoms(rule.when)
        for goal in (
            *_boundaries(index, atom, matters, policy.facts[atom.fact]),
            *_ways(index, atom, matters),
        )
    ]
    return [*(one for one in parts if one.kind is Kind.BOUNDARY), *rules, *_rest(parts)]


class Reach:
    """Finds the tasks that reach a goal; there are none when it can never be shown."""

    def __init__(self, policy: Policy, wanted: Sequence[Goal]) -> None:
        self.space = space_of(policy, *(goal.where for goal in wanted))
        self._conditions = [rule.when for rule in policy.rules]
        impossible = [box for one in policy.impossible for box in self.space.region(one)]
        possible = self.space.subtract([self.space.whole], impossible)
        self._left: list[Region] = [possible]  # by rule: what the earlier ones leave

    def witness(self, goal: Goal) -> dict[str, Scalar] | None:
        """Give the facts that differ from their defaults in the plainest such task."""
        boxes = self.space.intersect(self._leave(goal.index), self.space.region(goal.where))
        return self.space.unusual(boxes) if boxes else None

    def _leave(self, index: int) -> Region:
        while len(self._left) <= index:
            taken = self.space.region(self._conditions[len(self._left) - 1])
            self._left.append(self.space.subtract(self._left[-1], taken))
        return self._left[index]


def _rest(parts: Sequence[Goal]) -> Iterator[Goal]:
    return (one for one in parts if one.kind is not Kind.BOUNDARY)


def _ways(index: int, atom: Atom, matters: Condition) -> Iterator[Goal]:
    for way, holds in (("holding", atom), ("failing", Group(NOT, (atom,)))):
        what = f"{words(atom)} decides by {way}"
        where = Group(ALL, (holds, matters))
        yield Goal(index=index, kind=Kind.CONDITION, what=what, where=where)


def _boundaries(index: int, atom: Atom, matters: Condition, spec: FactSpec) -> Iterator[Goal]:
    if spec.kind != INTEGER:
        return
    constants = atom.constant if isinstance(atom.constant, tuple) else (atom.constant,)
    sides = _SIDES.get(atom.operator, _AROUND)
    values = sorted({int(constant) + side for constant in constants for side in sides})
    for value in values:
        if spec.low <= value <= spec.high:
            what = f"{words(atom)} decides at {value:,}"
            where = Group(ALL, (Atom(atom.fact, "eq", value), matters))
            yield Goal(index=index, kind=Kind.BOUNDARY, what=what, where=where)


def _atoms(when: Condition) -> Iterator[tuple[Atom, Condition]]:
    """Give each comparison, with the condition under which its answer changes the whole's."""
    if isinstance(when, Atom):
        yield when, _ALWAYS
        return
    for place, part in enumerate(when.parts):
        others = (*when.parts[:place], *when.parts[place + 1 :])
        if when.kind == ANY:  # of alternatives, no other one may hold
            others = tuple(Group(NOT, (one,)) for one in others)
        for atom, matters in _atoms(part):
            yield atom, Group(ALL, (matters, *others))
