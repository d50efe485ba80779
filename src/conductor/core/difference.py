"""Where two policies decide differently: exact regions of fact space, with a point in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from conductor.core.boxes import Region
from conductor.core.condition import Atom, Condition
from conductor.core.facts import Scalar
from conductor.core.policy import CLAUDE, COMPOSE, LOCAL, OUTCOMES, TASK, Policy, Rule
from conductor.core.space import Space


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the space that one rule decides; an empty rule is the default."""

    region: Region
    rule: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """A part of the space where the outcome changes."""

    old_rule: str
    old_outcome: str
    new_rule: str
    new_outcome: str
    boxes: tuple[dict[str, str], ...]  # what each box admits, for the facts it restricts
    share: float  # of all combinations of facts, in percent
    expected: float | None  # of the tasks that the declared weights expect; None: none declared
    witness: dict[str, Scalar]  # facts that differ from their defaults

    @property
    def volume(self) -> float:
        """Give how much it is, in percent: of the tasks expected, where weights are declared."""
        return self.share if self.expected is None else self.expected

    @property
    def riskier(self) -> bool:
        """Tell whether the new outcome trusts smaller models more."""
        return OUTCOMES.index(self.new_outcome) > OUTCOMES.index(self.old_outcome)


def shared_space(old: Policy, new: Policy) -> Space:
    """Cut the facts wherever one of the two policies changes its mind."""
    return Space({**old.facts, **new.facts}, [*_conditions(old), *_conditions(new)])


def space_of(policy: Policy, *others: Condition) -> Space:
    """Cut the facts wherever a policy, or another condition, changes its mind."""
    return Space(policy.facts, [*_conditions(policy), *others])


def flips(old: Policy, new: Policy, space: Space) -> list[Flip]:
    """List where the outcomes differ, the plainest example first; empty: proven to be nowhere."""
    possible = _possible(old, new, space)
    region = space.intersect(_suspects(old, new, space), possible)
    found: dict[tuple[str, str, str, str], Region] = {}
    before, after = list(pieces(old, space, region)), list(pieces(new, space, region))
    for one in before:
        for two in after:
            if one.outcome != two.outcome and (both := space.intersect(one.region, two.region)):
                key = (one.rule, one.outcome, two.rule, two.outcome)
                found.setdefault(key, []).extend(both)
    whole = space.size(possible), space.volume(possible) if space.weighted else 0
    result = [_flip(key, boxes, space, whole) for key, boxes in found.items()]
    return sorted(result, key=lambda flip: (len(flip.witness), -flip.volume, flip.old_rule))


def pieces(policy: Policy, space: Space, region: Region) -> Iterator[Piece]:
    """Divide a region among the rules of a policy, in order, by the outcome they really have."""
    rest = region
    for rule in policy.rules:
        if not rest:
            return
        own = space.region(rule.when)
        yield from _outcomes(policy, rule, space.intersect(rest, own), space)
        rest = space.subtract(rest, own)
    if rest:
        yield Piece(rest, "", CLAUDE)


def _outcomes(policy: Policy, rule: Rule, region: Region, space: Space) -> Iterator[Piece]:
    """Take a local rule for what it means here: an ensemble, a template, or neither."""
    if not region:
        return
    if rule.outcome != LOCAL or rule.ensemble or TASK not in space.facts:
        yield Piece(region, rule.id, rule.outcome)
        return
    served = set(policy.candidates)
    groups = ((LOCAL, served), (COMPOSE, set(policy.templates) - served))
    for outcome, tasks in groups:
        part = [piece for box in region for piece in space.within(box, TASK, tasks)]
        if part:
            yield Piece(part, rule.id, outcome)
            region = space.subtract(region, part)
    if region:
        yield Piece(region, rule.id, CLAUDE)


def _possible(old: Policy, new: Policy, space: Space) -> Region:
    """Leave out what both policies declare impossible."""
    one, two = (
        space.disjoint(box for condition in policy.impossible for box in space.region(condition))
        for policy in (old, new)
    )
    return space.subtract([space.whole], space.intersect(one, two))


def _suspects(old: Policy, new: Policy, space: Space) -> Region:
    """Give the region of all rules that changed or moved: elsewhere nothing can differ."""
    if old.candidates.keys() != new.candidates.keys() or old.templates != new.templates:
        return [space.whole]
    before, after = ([_meaning(rule) for rule in one.rules] for one in (old, new))
    kept = SequenceMatcher(a=before, b=after, autojunk=False).get_matching_blocks()
    same_old = {at for block in kept for at in range(block.a, block.a + block.size)}
    same_new = {at for block in kept for at in range(block.b, block.b + block.size)}
    changed = [rule for at, rule in enumerate(old.rules) if at not in same_old]
    changed += [rule for at, rule in enumerate(new.rules) if at not in same_new]
    return space.disjoint(box for rule in changed for box in space.region(rule.when))


def _meaning(rule: Rule) -> tuple[object, ...]:
    return (rule.when, rule.outcome, rule.ensemble)


def _flip(
    key: tuple[str, str, str, str], boxes: Region, space: Space, whole: tuple[int, int]
) -> Flip:
    """Describe a flip; `whole` is the size and the volume of all that is possible."""
    boxes = space.joined(boxes)
    expected = 100 * space.volume(boxes) / whole[1] if space.weighted else None
    return Flip(
        old_rule=key[0],
        old_outcome=key[1],
        new_rule=key[2],
        new_outcome=key[3],
        boxes=tuple(space.describe(box) for box in boxes),
        share=100 * space.size(boxes) / whole[0],
        expected=expected,
        witness=space.unusual(boxes),
    )


def _conditions(policy: Policy) -> Sequence[Condition]:
    """Give the rules' conditions, and what tells task types apart beyond them."""
    served: list[Condition] = []
    if TASK in policy.facts:
        for tasks in (policy.candidates, policy.templates):
            served.append(Atom(TASK, "in", tuple(tasks)))  # noqa: PERF401 - of two kinds
    return [*(rule.when for rule in policy.rules), *policy.impossible, *served]
