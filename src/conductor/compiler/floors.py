"""Floors that a policy passes below: each breach with a task that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from conductor.compiler.lower import Facts
from conductor.compiler.source import RoutingDoc
from conductor.compiler.text import Parsed
from conductor.compiler.when import Lowering
from conductor.core.facts import Scalar
from conductor.core.finding import Finding, Related
from conductor.core.floors import Breach, Floor, breaches
from conductor.core.policy import Policy

_ALL = 100.0  # percent


def lowered(
    facts: Facts, routing: tuple[Parsed, RoutingDoc]
) -> tuple[tuple[Floor, ...], list[Finding]]:
    """Lower the floors in the order of the file."""
    parsed, doc = routing
    lowering = Lowering(parsed, facts.specs, facts.descendants)
    lowered = tuple(
        Floor(
            id=floor.id,
            when=lowering.table(floor.when, ("floor", index, "when")),
            allows=tuple(floor.allows),
        )
        for index, floor in enumerate(doc.floor)
    )
    return lowered, lowering.findings


def check_floors(
    routing: tuple[Parsed, RoutingDoc], policy: Policy, floors: Sequence[Floor]
) -> Iterator[Finding]:
    """Find the floors that something passes below, each with all that does."""
    parsed, doc = routing
    places = {rule.id: parsed.at("rule", at, "route") for at, rule in enumerate(doc.rule)}
    for index, below in groupby(breaches(policy, floors), key=lambda one: one.floor):
        by_rule: dict[str, Breach] = {}
        for one in below:  # what a rule says comes before what that becomes: one is enough
            by_rule.setdefault(one.rule, one)
        first, *others = by_rule.values()
        floor = floors[index]
        more = f", and {len(others)} more" if others else ""
        yield Finding(
            name="below-floor",
            message=f"floor `{floor.id}` allows only {' or '.join(floor.allows)}, but "
            f"{_subject(first)}{more}",
            at=parsed.at("floor", index, "id"),
            hint=f"an example: {example(first.witness)}; a rule above has to decide such tasks",
            related=tuple(
                Related(places.get(one.rule, parsed.at("default", "route")), _subject(one))
                for one in (first, *others)
            ),
        )


def _subject(breach: Breach) -> str:
    who = f"rule `{breach.rule}`" if breach.rule else "the default"
    if breach.after_failure:
        return f"{who} sends a failed output to {breach.outcome}"
    return f"{who} decides {breach.outcome}"


def percent(share: float) -> str:
    return "all" if share == _ALL else f"{min(share, 99.9):.3g} %"


def example(witness: Mapping[str, Scalar]) -> str:
    """Say a task by its facts that differ from their defaults."""
    given = ", ".join(f"{name} = {str(value).lower()}" for name, value in witness.items())
    return f"`{given}`" if given else "a task of which nothing is known"
