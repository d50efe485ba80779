"""When fine-tuning is worth a question. Nothing here acts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from conductor.core.judged import Poor

_MIXED_FROM = 5  # with so many poor verdicts, one stray failure mode no longer hides a pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class LoraRule:
    """The numbers of policy/learning.toml."""

    poor: int  # verdicts that it takes, at least


@dataclass(frozen=True, slots=True, kw_only=True)
class LoraCandidate:
    """A task type that keeps failing in one way."""

    task: str
    failure_mode: str
    poor: int  # poor verdicts in all
    matching: int  # those with this failure mode
    evaluations: tuple[str, ...]  # the ids of the matching ones


def candidates(rule: LoraRule, poor: Sequence[Poor]) -> tuple[LoraCandidate, ...]:
    """Find the task types whose poor verdicts, oldest first, agree.

    One input counts once, however often it was run. With fewer than five poor verdicts all must
    agree, from five on more than two thirds.
    """
    by_task: dict[str, dict[str, Poor]] = {}
    for one in poor:
        if one.task:
            by_task.setdefault(one.task, {})[one.input_digest] = one
    found = (_candidate(rule, task, list(ones.values())) for task, ones in sorted(by_task.items()))
    return tuple(candidate for candidate in found if candidate)


def _candidate(rule: LoraRule, task: str, poor: Sequence[Poor]) -> LoraCandidate | None:
    mode, matching = Counter(one.failure_mode for one in poor).most_common(1)[0]
    agreed = matching == len(poor) if len(poor) < _MIXED_FROM else matching * 3 > len(poor) * 2
    if matching < rule.poor or not agreed:
        return None
    return LoraCandidate(
        task=task,
        failure_mode=mode,
        poor=len(poor),
        matching=matching,
        evaluations=tuple(sorted(one.id for one in poor if one.failure_mode == mode)),
    )
