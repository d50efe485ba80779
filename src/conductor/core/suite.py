"""How much the cases of a policy show, exactly: what cannot be shown is proven and not counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from conductor.core.condition import holds
from conductor.core.coverage import Goal, Kind, Reach, goals
from conductor.core.decide import decide
from conductor.core.difference import flips, shared_space
from conductor.core.facts import Scalar
from conductor.core.judge import outcome
from conductor.core.mutants import Mutant, mutants
from conductor.core.policy import Policy

MISTAKE = "mistake"
KINDS = (str(Kind.RULE), str(Kind.CONDITION), str(Kind.BOUNDARY), MISTAKE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A task with all its facts, and what the policy decides about it."""

    values: Mapping[str, Scalar]
    outcome: str
    index: int  # of the rule that decides; behind the last one for the default


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """INVARIANT: `shown <= possible`; `impossible` were proven so, and do not count."""

    shown: int
    possible: int
    impossible: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            shown=self.shown + other.shown,
            possible=self.possible + other.possible,
            impossible=self.impossible + other.impossible,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something that no example shows, and the facts of a task that would."""

    rule: str
    kind: str  # one of KINDS
    what: str
    facts: Mapping[str, Scalar]  # the rest has its defaults
    subject: Goal | Mutant  # two mistakes may be told in the same words


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    scores: Mapping[str, Mapping[str, Score]]  # by rule, by kind; every rule has every kind
    gaps: tuple[Gap, ...]

    def total(self, kind: str) -> Score:
        return sum((one[kind] for one in self.scores.values()), Score(shown=0, possible=0))


def example(policy: Policy, values: Mapping[str, Scalar]) -> Example:
    """Decide a task whose facts are all known."""
    decision = decide(policy, given=values)
    ids = [rule.id for rule in policy.rules]
    index = ids.index(decision.rule) if decision.rule else len(ids)
    complete = {name: fact.value for name, fact in decision.facts.items()}
    return Example(values=complete, outcome=decision.outcome, index=index)


def measure(policy: Policy, examples: Sequence[Example], *, rules: int | None = None) -> Coverage:
    """Tell what the examples show, and what is missing; each gap's facts are worth one case.

    `rules` limits it to so many, from the first on: those behind belong to a layer above.
    """
    own = [rule.id for rule in policy.rules[:rules]]
    tally = _Tally(own)
    wanted = [goal for goal in goals(policy) if goal.index < len(own)]
    open_ = [goal for goal in wanted if not any(_shows(one, goal) for one in examples)]
    reach = Reach(policy, open_) if open_ else None
    for goal in wanted:
        facts = reach.witness(goal) if reach and goal in open_ else None
        tally.add(own[goal.index], str(goal.kind), goal, facts, shown=goal not in open_)
    for mutant in mutants(policy):
        if mutant.rule not in own:
            continue
        shown = any(_shows(one, mutant) for one in examples)
        other = None if shown else _counterexample(policy, mutant)
        tally.add(mutant.rule, MISTAKE, mutant, other, shown=shown)
    return Coverage(scores=tally.scores, gaps=tuple(tally.gaps))


def cases_for(policy: Policy, gaps: Iterable[Gap]) -> Iterator[Gap]:
    """Leave out gaps that a case for an earlier one closes as well."""
    examples: list[Example] = []
    for gap in gaps:
        if not any(_shows(one, gap.subject) for one in examples):
            examples.append(example(policy, gap.facts))
            yield gap


class _Tally:
    def __init__(self, rules: Iterable[str]) -> None:
        nothing = Score(shown=0, possible=0)
        self.scores = {rule: dict.fromkeys(KINDS, nothing) for rule in rules}
        self.gaps: list[Gap] = []

    def add(
        self,
        rule: str,
        kind: str,
        subject: Goal | Mutant,
        facts: Mapping[str, Scalar] | None,
        *,
        shown: bool,
    ) -> None:
        """Count something that is shown, or missing: without facts it can never be shown."""
        possible = shown or facts is not None
        one = Score(shown=int(shown), possible=int(possible), impossible=int(not possible))
        self.scores[rule][kind] += one
        if not shown and facts is not None:
            gap = Gap(rule=rule, kind=kind, what=subject.what, facts=facts, subject=subject)
            self.gaps.append(gap)


def _shows(one: Example, subject: Goal | Mutant) -> bool:
    if isinstance(subject, Mutant):
        if one.index < subject.index:
            return False
        return outcome(subject.policy, one.values, start=subject.index) != one.outcome
    if subject.kind is Kind.RULE:
        return one.index == subject.index
    return one.index >= subject.index and holds(subject.where, one.values)


def _counterexample(policy: Policy, mutant: Mutant) -> Mapping[str, Scalar] | None:
    """Find a task that the mutant decides otherwise; None: proven that there is none."""
    found = flips(policy, mutant.policy, shared_space(policy, mutant.policy))
    return found[0].witness if found else None
