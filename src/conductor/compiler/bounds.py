"""What a workspace may not do because its organisation's policy says otherwise.

The decisions are compared exactly, over all facts; numbers by which way they tend; and what facts
mean may not change at all, because no comparison could judge it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conductor.compiler.assemble import Compiled, assemble
from conductor.compiler.documents import PolicyDocs, Reader
from conductor.compiler.layers import Layer, merge
from conductor.compiler.lower import Facts
from conductor.compiler.source import LayersDoc
from conductor.compiler.when import Lowering
from conductor.core import bundle
from conductor.core.changes import Change, changes
from conductor.core.condition import ALL, Condition, Group
from conductor.core.difference import Flip
from conductor.core.finding import Finding, Place
from conductor.core.lineage import lineage
from conductor.core.policy import TASK, Policy
from conductor.core.tightening import Allowance, looser, meddling, riskier

LAYERS = "policy/layers.toml"
_ALLOW = f"or let the organisation's {LAYERS} allow it"


def beyond(layers: Sequence[Layer], lower: Compiled, schema: str) -> list[Finding]:
    """Find where a workspace that compiles goes beyond the layers above it."""
    above, merged = merge(layers[:-1]), merge(layers)
    upper = assemble(above.texts, schema, above.inherited)
    reader = Reader(above.texts, above.inherited)
    docs, own = reader.policy(), Reader(merged.texts, merged.inherited).policy()
    if upper.failed or docs is None or own is None:
        return [finding for finding in upper.findings if finding.level == "error"]
    allowance, found = _allowance(reader, docs)
    if found:
        return found
    one, two = json.loads(upper.bundle), json.loads(lower.bundle)
    places = _Places(own, two)
    meant = list(meddling(_meaning(one, two), allowance))
    numbers = [change for name in bundle.NUMBERS for change in changes(name, one[name], two[name])]
    found = [
        *(_changed(change, places) for change in meant),
        *(_looser(change, places) for change in looser(numbers, allowance)),
    ]
    if not meant:
        flips = _riskier(bundle.load(upper.bundle), bundle.load(lower.bundle), allowance, docs)
        rules = dict.fromkeys(flip.new_rule for flip in flips)
        found += [
            _decides([flip for flip in flips if flip.new_rule == rule], places) for rule in rules
        ]
    return found


def _allowance(reader: Reader, docs: PolicyDocs) -> tuple[Allowance, list[Finding]]:
    """Read what the upper policy allows; without a file for it, nothing."""
    if LAYERS not in reader.sources:
        return Allowance(), []
    before = len(reader.findings)
    read = reader.one(LAYERS, LayersDoc)
    if read is None:
        return Allowance(), reader.findings[before:]
    parsed, doc = read
    facts = Facts(docs.facts, docs.tasks)
    lowering = Lowering(parsed, facts.specs, facts.descendants)
    regions: list[tuple[Condition, str]] = [
        (
            Group(ALL, ())
            if region.when is None
            else lowering.table(region.when, ("region", index, "when")),
            region.up_to,
        )
        for index, region in enumerate(doc.region)
    ]
    return Allowance(values=tuple(doc.values), regions=tuple(regions)), lowering.findings


def _meaning(one: Mapping[str, Any], two: Mapping[str, Any]) -> Iterator[Change]:
    """Give the changes of what the upper policy declares; what is only below is not its matter."""
    facts = {name: fact for name, fact in two["facts"].items() if name in one["facts"]}
    yield from changes("facts", one["facts"], facts)
    tasks = set(one["facts"][TASK]["values"])
    yield from changes("signals", _signals(one, one["facts"], tasks), _signals(two, facts, tasks))
    rubrics = {name: doc for name, doc in two["rubrics"].items() if name in one["rubrics"]}
    yield from changes("rubrics", one["rubrics"], rubrics)


def _signals(
    sections: Mapping[str, Any], facts: Mapping[str, Any], tasks: set[str]
) -> dict[str, Any]:
    return {
        name: {"fact": fact, **how}
        for name, fact, how in sections["signals"]
        if fact in facts and (fact != TASK or how.get("value") in tasks)
    }


def _riskier(upper: Policy, lower: Policy, allowance: Allowance, docs: PolicyDocs) -> list[Flip]:
    pays = set(docs.routing[1].composition.tasks)
    templates = {
        task: name for task, name in lower.templates.items() if pays.intersection(lineage(task))
    }
    return riskier(upper, lower, allowance, templates)


def _decides(flips: Sequence[Flip], places: _Places) -> Finding:
    """Say once what one rule does in all the regions of others."""
    rule, witness = flips[0].new_rule, flips[0].witness
    decides = ", ".join(dict.fromkeys(flip.new_outcome for flip in flips))
    allowed = ", ".join(dict.fromkeys(flip.old_outcome for flip in flips))
    by = ", ".join(
        dict.fromkeys(f"`{flip.old_rule}`" if flip.old_rule else "the default" for flip in flips)
    )
    facts = ", ".join(f"{name} {str(value).lower()}" for name, value in witness.items())
    composing = all(flip.old_rule == rule for flip in flips)  # the rule is the one above
    mend = "compose for fewer tasks" if composing else "narrow the rule"
    return Finding(
        name="riskier-than-above",
        message=f"`{rule}` decides {decides} where the policy above allows {allowed} by {by}",
        at=places.composition() if composing else places.rule(rule),
        hint=f"for example with {facts or 'no facts'}: {mend}, {_ALLOW}",
    )


def _looser(change: Change, places: _Places) -> Finding:
    return Finding(
        name="looser-than-above",
        message=f"`{change.path}` is {change.new}, the policy above says {change.old}:"
        f" {change.meaning}",
        at=places.value(change.path),
        hint=f"go back to {change.old}, {_ALLOW}",
    )


def _changed(change: Change, places: _Places) -> Finding:
    what = "adds to" if change.old is None else "takes from" if change.new is None else "changes"
    return Finding(
        name="changed-from-above",
        message=f"`{change.path}` {what} what the policy above declares",
        at=places.value(change.path),
        hint=f"take it back, {_ALLOW}",
    )


class _Places:
    """Where the workspace's documents say something."""

    def __init__(self, docs: PolicyDocs, sections: Mapping[str, Any]) -> None:
        self._docs = docs
        self._signals = {name: fact for name, fact, _ in sections["signals"]}

    def rule(self, rule_id: str) -> Place:
        parsed, doc = self._docs.routing
        ids = [rule.id for rule in doc.rule]
        return parsed.at("rule", ids.index(rule_id), "when") if rule_id in ids else parsed.at()

    def composition(self) -> Place:
        return self._docs.routing[0].at("composition", "tasks")

    def value(self, path: str) -> Place:
        section, *rest = path.split(".")
        if section == "facts":
            return self._docs.facts[0].at("facts", *rest)
        if section == "signals":
            fact = self._signals.get(rest[0], "")
            return (
                self._docs.tasks[0].at() if fact == TASK else self._docs.facts[0].at("facts", fact)
            )
        if section == "rubrics":
            files = (parsed for parsed, doc in self._docs.rubrics if doc.name == rest[0])
            return next((parsed.at(*rest[1:]) for parsed in files), Place("policy/rubrics"))
        parsed = getattr(self._docs, section)[0]
        return parsed.at(*rest)  # type: ignore[no-any-return]  # a document by its name
