"""Which number of which rule the judged tasks speak against. Nothing here changes a rule.

A bound is moved, every logged task is decided again, and the tasks whose decision differs are the
evidence: those that would become local must have been accepted when somebody ran them locally all
the same, those that would leave must have failed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import NormalDist

from conductor.core.changes import LOOSER, TIGHTER
from conductor.core.condition import Atom, Condition, Group
from conductor.core.evidence import Tally, wilson
from conductor.core.judge import judge
from conductor.core.past import Past, leading_judge, tally_of
from conductor.core.policy import Policy, Rule
from conductor.core.scoring import LOCALLY
from conductor.errors import UsageError

BOUNDS = ("lt", "le", "gt", "ge")
_CUTS = 4  # tried on each side of a bound
_ERROR = 0.05  # that an interval misses the truth, for all cuts of a bound together
_DIGITS = 2  # of a proposed number that count


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The numbers of `[proposals]` in policy/learning.toml."""

    judged: int
    acceptance_percent: int
    step_percent: int
    occurrences: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A number that a rule compares a fact with."""

    rule: str
    fact: str
    operator: str  # one of BOUNDS
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A bound at another place. INVARIANT: the interval clears what the policy asks for."""

    bound: Bound
    value: int
    direction: str  # LOOSER or TIGHTER
    tally: Tally  # of the judged tasks whose decision differs
    interval: tuple[float, float]  # of their acceptance, wide enough for every cut that was tried
    moved: int  # logged tasks whose decision differs, judged or not
    decided: int  # logged tasks in all


def bounds_of(policy: Policy) -> Iterator[Bound]:
    """List the numbers that may move: not those that follow evidence, which has its own policy."""
    for rule in policy.rules:
        atoms = [atom for atom in _atoms(rule.when) if atom.operator in BOUNDS]
        for atom in atoms:
            plain = type(atom.constant) is int and not policy.facts[atom.fact].evidence
            if plain and atoms.count(atom) == 1:
                yield Bound(
                    rule=rule.id,
                    fact=atom.fact,
                    operator=atom.operator,
                    value=int(atom.constant),  # type: ignore[arg-type]  # as just seen
                )


def shifts(policy: Policy, pasts: Sequence[Past], limits: Limits) -> tuple[Shift, ...]:
    """Find, for each bound, the shift that most judged tasks speak for."""
    before = _decided(policy, pasts)
    known = [past for past in pasts if past.id in before]
    speaker = leading_judge(known)
    found = (_best(policy, bound, known, before, limits, speaker) for bound in bounds_of(policy))
    return tuple(shift for shift in found if shift)


def moved_to(policy: Policy, bound: Bound, value: int) -> Policy:
    """Give the policy with the bound at another place."""
    rules = tuple(
        _with(rule, bound, value) if rule.id == bound.rule else rule for rule in policy.rules
    )
    copied = {name: getattr(policy, name) for name in Policy.__slots__}
    return Policy(**{**copied, "rules": rules})


def _best(
    policy: Policy,
    bound: Bound,
    pasts: Sequence[Past],
    before: dict[str, str],
    limits: Limits,
    speaker: str,
) -> Shift | None:
    judged = [past for past in pasts if speaker in past.verdicts]
    cuts = _cuts(policy, bound, judged, limits)
    z = NormalDist().inv_cdf(1 - _ERROR / 2 / max(1, len(cuts)))
    found = []
    for value in cuts:
        after = _decided(moved_to(policy, bound, value), judged)
        moved = [one for one in judged if _local(before[one.id]) != _local(after[one.id])]
        if shift := _weigh(bound, value, moved, after, limits, z):
            found.append(shift)
    best = max(
        found, key=lambda one: (one.tally.judged, -abs(one.value - bound.value)), default=None
    )
    return _counted(policy, best, pasts, before) if best else None


def _weigh(
    bound: Bound,
    value: int,
    moved: Sequence[Past],
    after: dict[str, str],
    limits: Limits,
    z: float,
) -> Shift | None:
    """Give the shift if what it moves is enough, goes one way and clears the policy's share."""
    ways = {_local(after[one.id]) for one in moved}
    if len(moved) < limits.judged or len(ways) != 1:
        return None
    tally = tally_of(leading_judge(moved), moved)
    low, high = wilson(tally.accepted, tally.judged, z)
    share = limits.acceptance_percent / 100
    looser = ways == {True}
    if (low <= share) if looser else (high >= share):
        return None
    return Shift(
        bound=bound,
        value=value,
        direction=LOOSER if looser else TIGHTER,
        tally=tally,
        interval=(low, high),
        moved=0,
        decided=0,
    )


def _counted(policy: Policy, shift: Shift, pasts: Sequence[Past], before: dict[str, str]) -> Shift:
    after = _decided(moved_to(policy, shift.bound, shift.value), pasts)
    moved = sum(before[one.id] != after[one.id] for one in pasts)
    content = {name: getattr(shift, name) for name in Shift.__slots__}
    return Shift(**{**content, "moved": moved, "decided": len(pasts)})


def _cuts(policy: Policy, bound: Bound, judged: Sequence[Past], limits: Limits) -> list[int]:
    """List the numbers to try: evenly spread over the judged values, within one step."""
    step = max(1, bound.value * limits.step_percent // 100)
    spec = policy.facts[bound.fact]
    low, high = max(spec.low, bound.value - step), min(spec.high, bound.value + step)
    cuts = {
        _cut(bound, value)
        for past in judged
        if isinstance(value := (past.values or {}).get(bound.fact), int)
    }
    inside = sorted(cut for cut in cuts if low <= cut <= high and cut != bound.value)
    below = [cut for cut in inside if cut < bound.value]
    above = [cut for cut in inside if cut > bound.value]
    return [*_spread(below), *_spread(above)]


def _cut(bound: Bound, value: int) -> int:
    """Give the nearest round number for which this value changes sides."""
    holds_now = value < bound.value if bound.operator in ("lt", "ge") else value <= bound.value
    if bound.operator in ("lt", "ge"):
        exact = value if holds_now else value + 1
    else:
        exact = value - 1 if holds_now else value
    unit = int(10 ** max(0, len(str(abs(exact))) - _DIGITS))
    return exact // unit * unit if holds_now else ceil(exact / unit) * unit


def _spread(cuts: list[int]) -> list[int]:
    if len(cuts) <= _CUTS:
        return cuts
    last = len(cuts) - 1
    return sorted({cuts[round(at * last / (_CUTS - 1))] for at in range(_CUTS)})


def _decided(policy: Policy, pasts: Sequence[Past]) -> dict[str, str]:
    """Decide again what can be; outcomes by the decision's id."""
    decide, outcomes = judge(policy), {}
    for past in pasts:
        if (values := past.values) is None:
            continue
        try:
            facts = {name: value for name, value in values.items() if name in policy.facts}
            outcomes[past.id] = decide(facts)[1]
        except UsageError:
            continue  # logged under facts that the policy has no longer
    return outcomes


def _local(outcome: str) -> bool:
    return outcome in LOCALLY


def _with(rule: Rule, bound: Bound, value: int) -> Rule:
    content = {name: getattr(rule, name) for name in Rule.__slots__}
    return Rule(**{**content, "when": _replaced(rule.when, bound, value)})


def _replaced(condition: Condition, bound: Bound, value: int) -> Condition:
    if isinstance(condition, Group):
        parts = tuple(_replaced(part, bound, value) for part in condition.parts)
        return Group(condition.kind, parts)
    this = Atom(bound.fact, bound.operator, bound.value)
    return Atom(bound.fact, bound.operator, value) if condition == this else condition


def _atoms(condition: Condition) -> Iterator[Atom]:
    if isinstance(condition, Atom):
        yield condition
        return
    for part in condition.parts:
        yield from _atoms(part)
