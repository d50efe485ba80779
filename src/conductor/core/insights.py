"""What the history of routing says beyond numbers: who did otherwise, and which words misled."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from conductor.core.condition import ALL, Condition, Group, first_failure, holds
from conductor.core.evidence import USED, Evidence, Tally
from conductor.core.facts import GIVEN
from conductor.core.past import Past, leading_judge, tally_of
from conductor.core.policy import CLAUDE, LOCAL, TASK, Policy
from conductor.core.run import RunStatus
from conductor.core.scoring import LOCALLY
from conductor.core.thresholds import Limits


class Kind(StrEnum):
    OVERRIDE = "override"  # Claude was decided, and somebody ran it locally
    ESCALATION = "escalation"  # local was decided, and a check turned the output down
    CONTRADICTION = "contradiction"  # what was given is not what the words say
    NEAR_MISS = "near-miss"  # one condition kept a task from small models


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    """`count` of `total` tasks; `tally` is about those that were judged."""

    kind: Kind
    subject: str  # the rule (empty: the default), or the signal of a contradiction
    detail: str
    count: int
    total: int
    tally: Tally | None = None
    fact: str = ""  # of a contradiction or a near miss
    said: str = ""  # of a contradiction: what the words were taken for


def insights(policy: Policy, pasts: Sequence[Past], limits: Limits) -> tuple[Insight, ...]:
    """List what happened at least as often as the policy asks for, most often first."""
    found = [
        *overrides(pasts),
        *escalations(pasts),
        *contradictions(pasts),
        *near_misses(policy, pasts),
    ]
    told = [one for one in found if one.count >= limits.occurrences]
    return tuple(sorted(told, key=lambda one: (-one.count, one.kind, one.subject, one.detail)))


def overrides(pasts: Sequence[Past]) -> Iterator[Insight]:
    """Count the tasks that went to small models although the policy said otherwise."""
    for rule, total in _by_rule(pasts, local=False).items():
        against = [past for past in total if any(status in USED for status in past.ran)]
        if against:
            yield _insight(Kind.OVERRIDE, rule, "", against, total)


def escalations(pasts: Sequence[Past]) -> Iterator[Insight]:
    """Count the local tasks of which every output failed a check, so that they went on."""
    for rule, total in _by_rule(pasts, local=True).items():
        ran = [past for past in total if any(status in USED for status in past.ran)]
        failed = [past for past in ran if RunStatus.SUCCEEDED not in past.ran]
        if failed:
            yield _insight(Kind.ESCALATION, rule, "", failed, ran)


def contradictions(pasts: Sequence[Past]) -> Iterator[Insight]:
    """Count, for each signal, how often somebody gave another value than it derived."""
    wrong: Counter[tuple[str, str, str, str]] = Counter()
    given: Counter[tuple[str, str]] = Counter()
    for past in pasts:
        for name in past.facts:
            fact = past.fact(name)
            if fact.get("source") != GIVEN:
                continue
            given[name, str(fact.get("value"))] += 1
            if isinstance(said := fact.get("derived"), dict):
                key = (
                    name,
                    str(said.get("signal")),
                    str(said.get("value")),
                    str(fact.get("value")),
                )
                wrong[key] += 1
    for (name, signal, said, meant), count in sorted(wrong.items()):
        yield Insight(
            kind=Kind.CONTRADICTION,
            subject=signal,
            detail=f"{name} `{said}` by its words, `{meant}` given",
            count=count,
            total=count + given[name, said],
            fact=name,
            said=said,
        )


def near_misses(policy: Policy, pasts: Sequence[Past]) -> Iterator[Insight]:
    """Count the tasks of Claude's that one condition of a local rule kept from small models."""
    kept: dict[tuple[str, str], list[Past]] = defaultdict(list)
    total = [past for past in pasts if past.outcome == CLAUDE and past.values]
    for past in total:
        for key in set(_lacking(policy, past)):
            kept[key].append(past)
    for (rule, fact), missed in sorted(kept.items()):
        yield _insight(Kind.NEAR_MISS, rule, fact, missed, total)


def retiring(evidence: Sequence[Evidence], limits: Limits) -> tuple[Evidence, ...]:
    """Find the ensembles that are surely worse than local work must be."""
    return tuple(
        one
        for one in evidence
        if one.leading.judged >= limits.judged
        and one.leading.interval_percent[1] < limits.acceptance_percent
    )


def _lacking(policy: Policy, past: Past) -> Iterator[tuple[str, str]]:
    """Name each local rule of which one condition alone does not hold, and its fact."""
    values = past.values or {}
    task = str(values.get(TASK, ""))
    if not policy.facts.keys() <= values.keys() or not (
        task in policy.candidates or task in policy.templates
    ):
        return
    for rule in policy.rules:
        if rule.outcome != LOCAL:
            continue
        failing = [part for part in _parts(rule.when) if not holds(part, values)]  # type: ignore[arg-type]  # as logged
        if len(failing) == 1:
            words = first_failure(failing[0], values)  # type: ignore[arg-type]  # as logged
            fact = words.split("`")[1] if "`" in words else ""
            if fact and fact != TASK and not policy.facts[fact].evidence:
                yield rule.id, fact


def _parts(condition: Condition) -> tuple[Condition, ...]:
    whole = isinstance(condition, Group) and condition.kind == ALL
    return condition.parts if whole else (condition,)  # type: ignore[union-attr]  # a group, as just seen


def _by_rule(pasts: Sequence[Past], *, local: bool) -> dict[str, list[Past]]:
    grouped: dict[str, list[Past]] = defaultdict(list)
    for past in pasts:
        if (past.outcome in LOCALLY) is local:
            grouped[past.rule].append(past)
    return dict(sorted(grouped.items()))


def _insight(
    kind: Kind, subject: str, detail: str, some: Sequence[Past], total: Sequence[Past]
) -> Insight:
    speaker = leading_judge(some)
    return Insight(
        kind=kind,
        subject=subject,
        detail=detail,
        fact=detail,
        count=len(some),
        total=len(total),
        tally=tally_of(speaker, some) if speaker else None,
    )
