"""Logged decisions, decided again under two policies: what a change would have meant so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from conductor.core.difference import Flip
from conductor.core.evaluation import Verdict
from conductor.core.judge import Judge, judge
from conductor.core.policy import Policy
from conductor.errors import UsageError

Key = tuple[str, str, str, str]  # rule and outcome before, rule and outcome after


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """A decision of the past: the values of its facts, as they were logged."""

    id: str
    facts: Mapping[str, object]


def logged_of(decision_id: str, facts: object) -> Logged | None:
    """Take a decision as it was logged; None when it has no facts that can be decided again."""
    if not isinstance(facts, Mapping) or not facts:
        return None
    # A masked fact has no value: such a decision is counted and never decided again.
    return Logged(
        id=decision_id,
        facts={
            name: fact.get("value") if isinstance(fact, Mapping) else None
            for name, fact in facts.items()
        },
    )


@dataclass(slots=True, kw_only=True)
class Tasks:
    """Logged tasks that a change moves, and what was judged last about a run of theirs."""

    count: int = 0
    verdicts: Counter[Verdict] = field(default_factory=Counter)


@dataclass(slots=True, kw_only=True)
class Replay:
    """INVARIANT: `moved` has no key for tasks that are decided as before."""

    decided: int = 0  # under both policies
    incompatible: int = 0  # a logged fact has no such value in one of the policies
    moved: dict[Key, Tasks] = field(default_factory=dict)

    def of(self, flip: Flip) -> Tasks:
        key = (flip.old_rule, flip.old_outcome, flip.new_rule, flip.new_outcome)
        return self.moved.get(key) or Tasks()

    def total(self, flips: Iterable[Flip]) -> Tasks:
        """Add up what several flips move."""
        parts = [self.of(flip) for flip in flips]
        verdicts = sum((part.verdicts for part in parts), Counter[Verdict]())
        return Tasks(count=sum(part.count for part in parts), verdicts=verdicts)


def replay(
    old: Policy, new: Policy, log: Iterable[Logged], verdicts: Mapping[str, Verdict]
) -> Replay:
    """Decide each logged task under both policies; `verdicts` are by the decision's id."""
    result = Replay()
    before, after = judge(old), judge(new)
    known: dict[tuple[tuple[str, object], ...], Key | None] = {}
    for one in log:
        facts = tuple(sorted(one.facts.items()))
        if facts not in known:
            known[facts] = _key(before, _known(old, one), after, _known(new, one))
        key = known[facts]
        if key is None:
            result.incompatible += 1
            continue
        result.decided += 1
        if key[1] != key[3]:
            tasks = result.moved.setdefault(key, Tasks())
            tasks.count += 1
            if one.id in verdicts:
                tasks.verdicts[verdicts[one.id]] += 1
    return result


def _key(
    before: Judge, old: Mapping[str, object], after: Judge, new: Mapping[str, object]
) -> Key | None:
    try:
        return (*before(old), *after(new))
    except UsageError:
        return None


def _known(policy: Policy, one: Logged) -> Mapping[str, object]:
    """Take the facts that the policy knows: one that it does not have cannot matter to it."""
    return {name: value for name, value in one.facts.items() if name in policy.facts}
