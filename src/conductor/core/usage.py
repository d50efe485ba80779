"""How often each form of an ensemble ran, day by day: what reports add up instead of runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conductor.core.run import Run, RunStatus

_DAY = 10  # characters of a time that name its day


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """The runs that agree in everything up to `estimator`; the rest are sums over them."""

    day: str  # UTC, `2026-11-24`
    ensemble: str
    task: str
    text_digest: str
    bound_digest: str
    models: tuple[tuple[str, str], ...]
    status: RunStatus
    estimator: str
    runs: int
    input_tokens: int  # local
    output_tokens: int
    claude_tokens: int  # estimated
    seconds: float
    last_run: str  # the newest id: ids sort by time


def add_up(runs: Iterable[Run]) -> tuple[Usage, ...]:
    """Define what the ledger keeps as sums of its own."""
    groups: dict[tuple[object, ...], list[Run]] = {}
    for run in runs:
        key = (
            run.at[:_DAY],
            run.ensemble,
            run.task,
            run.text_digest,
            run.bound_digest,
            run.models,
            run.status,
            run.estimator,
        )
        groups.setdefault(key, []).append(run)
    return tuple(_sum(group) for group in groups.values())


def base_models(usage: Iterable[Usage]) -> Mapping[str, str]:
    """Name the models behind each form: one, or all of an ensemble's."""
    return {
        one.bound_digest: " + ".join(sorted({model for _, model in one.models if model}))
        for one in usage
    }


def _sum(runs: list[Run]) -> Usage:
    first = runs[0]
    return Usage(
        day=first.at[:_DAY],
        ensemble=first.ensemble,
        task=first.task,
        text_digest=first.text_digest,
        bound_digest=first.bound_digest,
        models=first.models,
        status=first.status,
        estimator=first.estimator,
        runs=len(runs),
        input_tokens=sum(run.input_tokens for run in runs),
        output_tokens=sum(run.output_tokens for run in runs),
        claude_tokens=sum(run.claude_tokens for run in runs),
        seconds=sum(run.seconds for run in runs),
        last_run=max(run.id for run in runs),
    )
