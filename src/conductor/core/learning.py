"""When fine-tuning is worth a question. Nothing here acts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conductor.core.judged import Poor
from conductor.core.lineage import lineage

_MIXED_FROM = 5  # with so many poor verdicts, one stray failure mode no longer hides a pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class LoraRule:
    """The numbers of policy/learning.toml."""

    poor: int  # verdicts that it takes, at least


@dataclass(frozen=True, slots=True, kw_only=True)
class LoraCandidate:
    """A task type that one base model keeps failing in one way."""

    task: str
    failure_mode: str
    poor: int  # poor verdicts in all
    matching: int  # those with this failure mode
    evaluations: tuple[str, ...]  # the ids of the matching ones
    model: str = ""  # the base model, or the models of the ensemble; empty: not known


def candidates(
    rule: LoraRule, poor: Sequence[Poor], models: Mapping[str, str] | None = None
) -> tuple[LoraCandidate, ...]:
    """Find the task types and base models whose poor verdicts, oldest first, agree.

    `models` names the base models by bound digest. One input counts once, however often it was
    run. With fewer than five poor verdicts all must agree, from five on more than two thirds.
    """
    groups: dict[tuple[str, str], dict[str, Poor]] = {}
    for one in poor:
        if one.task:
            key = one.task, (models or {}).get(one.bound_digest, "")
            groups.setdefault(key, {})[one.input_digest] = one
    _back_off(groups, rule.poor)
    found = (_candidate(rule, *key, list(ones.values())) for key, ones in sorted(groups.items()))
    return tuple(candidate for candidate in found if candidate)


def _back_off(groups: dict[tuple[str, str], dict[str, Poor]], enough: int) -> None:
    """Add what a type has too little of to its parent, the finest types first."""
    deepest = max((task.count(".") for task, _ in groups), default=0)
    for depth in range(deepest, 0, -1):
        for task, model in [key for key in groups if key[0].count(".") == depth]:
            if len(groups[task, model]) < enough:
                few = groups.pop((task, model))
                groups.setdefault((lineage(task)[1], model), {}).update(few)


def _candidate(rule: LoraRule, task: str, model: str, poor: Sequence[Poor]) -> LoraCandidate | None:
    mode, matching = Counter(one.failure_mode for one in poor).most_common(1)[0]
    agreed = matching == len(poor) if len(poor) < _MIXED_FROM else matching * 3 > len(poor) * 2
    if matching < rule.poor or not agreed:
        return None
    return LoraCandidate(
        task=task,
        model=model,
        failure_mode=mode,
        poor=len(poor),
        matching=matching,
        evaluations=tuple(sorted(one.id for one in poor if one.failure_mode == mode)),
    )
