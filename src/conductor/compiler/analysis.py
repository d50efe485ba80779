"""What a sound policy could do without, and where its order decides: exact, for `check`.

These are remarks, not mistakes: nothing here keeps a policy from compiling.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from conductor.compiler import lower
from conductor.compiler.documents import ALONE, Inherited, PolicyDocs, Reader, Sources
from conductor.compiler.fixes import without, without_rule
from conductor.compiler.floors import example, percent
from conductor.compiler.layout import is_source
from conductor.compiler.lower import Facts
from conductor.compiler.source import RoutingDoc, RuleDoc
from conductor.compiler.text import Parsed
from conductor.compiler.when import Lowering, Path
from conductor.core.condition import ANY, Condition
from conductor.core.finding import Finding, Level, Place, Related, in_order
from conductor.core.layers import Layers
from conductor.core.overlaps import Overlap, Remainder, overlaps, remainder
from conductor.core.policy import Rule
from conductor.core.redundancy import can_become, mergeable, neutral


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """Two rules in whose overlap order decides, by their ids."""

    rule: str
    other: str
    found: Overlap
    meant: bool  # the earlier rule says that it overrides the other


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    findings: tuple[Finding, ...]
    remainder: Remainder  # what reaches the default
    overlaps: tuple[Ranked, ...]  # the largest first


def analyse(sources: Sources, inherited: Inherited = ALONE) -> Analysis | None:
    """Analyse the rules of a workspace that compiles; None when it does not."""
    own = {path: text for path, text in sources.items() if is_source(path)}
    reader = Reader(own, inherited)
    policy = reader.policy()
    if policy is None:
        return None
    facts = Facts(policy.facts, policy.tasks)
    rules, found = ((), []) if facts.findings else lower.rules(facts, policy.routing)
    if facts.findings or found:
        return None
    shorter = list(_shorter(facts, policy.routing))
    layers = Layers(
        facts.specs, rules, impossible=facts.impossible, others=[when for _, _, when in shorter]
    )
    ordered = list(overlaps(layers))
    remarks = _Remarks(policy, rules, layers)
    findings = [*remarks.superfluous(shorter), *remarks.mergeable(), *remarks.overlaps(ordered)]
    return Analysis(
        findings=in_order(findings),
        remainder=remainder(layers),
        overlaps=tuple(_ranked(policy.routing[1], rules, ordered)),
    )


def _ranked(doc: RoutingDoc, rules: Sequence[Rule], ordered: list[Overlap]) -> Iterator[Ranked]:
    for found in sorted(ordered, key=lambda one: -one.volume):
        rule, other = rules[found.index].id, rules[found.other].id
        meant = other in doc.rule[found.index].overrides
        yield Ranked(rule=rule, other=other, found=found, meant=meant)


class _Remarks:
    """The findings about one file of rules."""

    def __init__(self, policy: PolicyDocs, rules: Sequence[Rule], layers: Layers) -> None:
        self.parsed, self.doc = policy.routing
        self.cases = [doc for _, doc in policy.cases]
        self.rules = rules
        self.layers = layers

    def superfluous(self, shorter: Sequence[tuple[int, Path, Condition]]) -> Iterator[Finding]:
        """Find rules that change nothing; of the others, the conditions that change nothing."""
        idle = set(neutral(self.layers))
        for index in sorted(idle):
            yield Finding(
                name="neutral-rule",
                message=f"without rule `{self._id(index)}` every task would go where it goes now",
                at=self._at(index),
                hint="remove it, or keep it for its reason",
                level=Level.WARNING,
                fix=without_rule((self.parsed, self.doc), index, self.cases),
            )
        for index, path, when in shorter:
            if index not in idle and can_become(self.layers, index, when):
                part = next(part for part in reversed(path) if isinstance(part, str))
                yield Finding(
                    name="redundant-condition",
                    message=f"without this `{part}`, rule `{self._id(index)}` decides the same",
                    at=self.parsed.at("rule", index, *path),
                    hint="remove it",
                    level=Level.WARNING,
                    fix=without(self.parsed, f"remove `{part}`", ("rule", index, *path)),
                )

    def mergeable(self) -> Iterator[Finding]:
        for index in mergeable(self.layers):
            one, two = self._id(index), self._id(index + 1)
            yield Finding(
                name="mergeable-rules",
                message=f"rules `{one}` and `{two}` do the same and lie side by side",
                at=self._at(index),
                hint="write one rule that covers both",
                level=Level.NOTE,
                related=(Related(self._at(index + 1), f"rule `{two}`"),),
            )

    def overlaps(self, ordered: list[Overlap]) -> Iterator[Finding]:
        """Find what stands before more careful rules, unless it says that this is meant."""
        by_rule = {
            index: list(found) for index, found in groupby(ordered, key=lambda one: one.index)
        }
        for index, rule in enumerate(self.doc.rule):
            found = by_rule.get(index, [])
            taken = {self._id(one.other) for one in found}
            silent = [one for one in found if self._id(one.other) not in rule.overrides]
            if silent:
                yield self._overlap(index, silent)
            for place, name in enumerate(rule.overrides):
                if name not in taken:
                    yield Finding(
                        name="nothing-to-override",
                        message=f"`{rule.id}` takes nothing that `{name}` is more careful with",
                        at=self.parsed.at("rule", index, "overrides", place),
                        hint="remove it from `overrides`",
                        level=Level.WARNING,
                        fix=without(
                            self.parsed, f"remove `{name}`", ("rule", index, "overrides", place)
                        ),
                    )

    def _overlap(self, index: int, found: Sequence[Overlap]) -> Finding:
        names = [self._id(one.other) for one in found]
        shares = ", ".join(
            f"`{name}` for {percent(one.share)}" for name, one in zip(names, found, strict=True)
        )
        rule = self.rules[index]
        return Finding(
            name="order-decides",
            message=f"`{rule.id}` decides {rule.outcome} where later rules would not: {shares}",
            at=self._at(index),
            hint=f"an example: {example(found[0].witness)}; where the order is meant, write "
            f"`overrides = {json.dumps(names)}`",
            level=Level.NOTE,
            related=tuple(
                Related(self._at(one.other), f"rule `{name}`")
                for name, one in zip(names, found, strict=True)
            ),
        )

    def _id(self, index: int) -> str:
        return self.rules[index].id

    def _at(self, index: int) -> Place:
        return self.parsed.at("rule", index, "id")


def _shorter(
    facts: Facts, routing: tuple[Parsed, RoutingDoc]
) -> Iterator[tuple[int, Path, Condition]]:
    """Give each rule's condition without one of its parts, with the part's place in the rule."""
    lowering = Lowering(routing[0], facts.specs, facts.descendants)
    for index, rule in enumerate(routing[1].rule):
        for path, when in _parts(rule):
            yield index, path, lowering.table(when, ("rule", index, "when"))


def _parts(rule: RuleDoc) -> Iterator[tuple[Path, Mapping[str, object]]]:
    when: Mapping[str, object] = rule.when
    for name, value in when.items():
        rest = {key: one for key, one in when.items() if key != name}
        if rest:
            yield ("when", name), rest
        if name == ANY and isinstance(value, list) and len(value) > 1:
            for place in range(len(value)):
                others = [*value[:place], *value[place + 1 :]]
                yield ("when", ANY, place), {**when, ANY: others}
        elif isinstance(value, dict) and len(value) > 1:
            for operator in value:
                fewer = {key: one for key, one in value.items() if key != operator}
                yield ("when", name, operator), {**when, name: fewer}
