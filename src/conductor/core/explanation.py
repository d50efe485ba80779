"""Why a decision is as it is: what would change it, and which missing fact is worth asking for.

Exact, over all facts; loaded only when somebody asks for an explanation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conductor.core.boxes import Box, Region
from conductor.core.decide import Step, explain
from conductor.core.difference import Piece, pieces, space_of
from conductor.core.facts import DEFAULT, FactSpec, Scalar
from conductor.core.policy import TASK, Decision, Policy
from conductor.core.space import Space


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The fewest facts that would have to be otherwise for another outcome, and their values."""

    facts: Mapping[str, Scalar]
    outcome: str
    rule: str  # empty: the default


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """INVARIANT: `ask` is empty exactly when one outcome is possible."""

    steps: tuple[Step, ...]
    nearest: Nearest | None  # None: the policy knows one outcome only
    missing: tuple[str, ...]  # facts that took their default and may matter
    possible: tuple[str, ...]  # outcomes, whatever the missing facts are
    ask: str  # the missing fact that most often settles it, for what it costs to find out


def explanation(policy: Policy, decision: Decision) -> Explanation:
    space = space_of(policy)
    possible: Region = [space.whole]
    for condition in policy.impossible:
        possible = space.subtract(possible, space.region(condition))
    known = {name: fact.value for name, fact in decision.facts.items()}
    here = space.box(known)
    missing = [
        name
        for name in space.facts
        if decision.facts[name].source == DEFAULT and not _follows(policy.facts[name])
    ]
    around = space.box({name: value for name, value in known.items() if name not in missing})
    # What somebody gave may be declared impossible: then only what they gave counts.
    rest = list(pieces(policy, space, space.intersect([around], possible) or [around]))
    outcomes = sorted({piece.outcome for piece in rest})
    return Explanation(
        steps=explain(policy, decision),
        nearest=_nearest(policy, decision, space, here, pieces(policy, space, possible)),
        missing=tuple(missing),
        possible=tuple(outcomes),
        ask=_ask(policy, space, missing, around, rest) if len(outcomes) > 1 else "",
    )


def _nearest(
    policy: Policy, decision: Decision, space: Space, here: Box, all_: Iterable[Piece]
) -> Nearest | None:
    """Look for the box that asks for the fewest changes; of the task type and evidence last."""
    stubborn = [
        field
        for name, field in zip(space.facts, space.fields, strict=True)
        if name == TASK or _follows(policy.facts[name])
    ]

    def effort(candidate: tuple[Box, Piece]) -> tuple[int, int]:
        changed = here & ~candidate[0]
        return changed.bit_count(), sum(bool(changed & field) for field in stubborn)

    others = ((box, one) for one in all_ if one.outcome != decision.outcome for box in one.region)
    found = min(others, key=effort, default=None)
    if found is None:
        return None
    box, piece = found
    values = {name: decision.facts[name].value for name in space.facts}
    facts = space.moved(box, values)
    return Nearest(facts=facts, outcome=piece.outcome, rule=piece.rule)


def _ask(
    policy: Policy, space: Space, missing: Iterable[str], around: Box, rest: Iterable[Piece]
) -> str:
    """Choose the fact that settles the outcome in most of its classes of values, per cost.

    Where no single fact can settle it, the cheapest of those that matter.
    """
    by_outcome: dict[str, Region] = {}
    for piece in rest:
        by_outcome.setdefault(piece.outcome, []).extend(piece.region)

    def worth(name: str) -> tuple[float, float]:
        answers = [
            frozenset(
                outcome
                for outcome, region in by_outcome.items()
                if any(space.meet(box, answer) for box in region)
            )
            for answer in space.answers(name, around)
        ]
        settled = sum(len(one) == 1 for one in answers) / len(answers)
        matters = len(set(answers)) > 1
        cost = policy.facts[name].cost
        return settled / cost, matters / cost

    return max(missing, key=worth)


def _follows(spec: FactSpec) -> bool:
    """Tell whether a fact comes from evidence or from another fact: nobody has to find it out."""
    return bool(spec.evidence or spec.confidence_of)
