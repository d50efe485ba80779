"""A policy in layers: the region of each rule, and the part of it that the rule really decides.

What a rule *says* counts here: a `local` rule is local, whether or not an ensemble serves the task
today. So a remark about a policy does not depend on what the registry holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from conductor.core.boxes import Region
from conductor.core.condition import Condition
from conductor.core.facts import FactSpec
from conductor.core.policy import CLAUDE, OUTCOMES, Rule
from conductor.core.space import Space

Action = tuple[str, str, str, str]

BY_DEFAULT: Action = (CLAUDE, "", "", CLAUDE)


def action(rule: Rule) -> Action:
    """Give all that a rule does with a task: two rules with the same action are one."""
    return (rule.outcome, rule.ensemble, rule.ask, rule.on_failure)


class Layers:
    """INVARIANT: the parts in `decided` and `default` are disjoint, and together `possible`."""

    def __init__(
        self,
        specs: Mapping[str, FactSpec],
        rules: Sequence[Rule],
        *,
        impossible: Iterable[Condition] = (),
        others: Iterable[Condition] = (),
    ) -> None:
        """Cut the space by the rules, and by `others` that will be asked about."""
        excluded = tuple(impossible)
        self.rules = rules
        self.space = Space(specs, [*(rule.when for rule in rules), *excluded, *others])
        self.possible: Region = [self.space.whole]
        for condition in excluded:
            self.possible = self.space.subtract(self.possible, self.space.region(condition))
        self.regions = [self.region(rule.when) for rule in rules]
        self.decided: list[Region] = []
        rest = self.possible
        for region in self.regions:
            self.decided.append(self.space.intersect(rest, region))
            rest = self.space.subtract(rest, region)
        self.default = rest

    def region(self, condition: Condition) -> Region:
        """Give where a condition holds, as far as it is possible at all."""
        return self.space.intersect(self.space.region(condition), self.possible)

    def below(self, index: int, region: Region) -> Iterator[tuple[Action, Region]]:
        """Divide a region among the rules behind `index` and the default."""
        behind = zip(self.rules[index + 1 :], self.regions[index + 1 :], strict=True)
        for rule, own in behind:
            if not region:
                return
            if part := self.space.intersect(region, own):
                yield action(rule), part
                region = self.space.subtract(region, own)
        if region:
            yield BY_DEFAULT, region

    def share(self, region: Region, of: Region) -> float:
        """Give the percentage of the volume of `of` that lies in `region`, a part of it."""
        return 100 * self.space.volume(region) / self.space.volume(of)


def riskier(outcome: str, than: str) -> bool:
    """Tell whether an outcome trusts smaller models more than another."""
    return OUTCOMES.index(outcome) > OUTCOMES.index(than)
