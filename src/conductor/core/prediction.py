"""How long a run will take, said before it starts, and where the number comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from conductor.core.closure import agents_of
from conductor.core.execution import Document
from conductor.core.run import Run, RunStatus

_RECENT = 5
_ASSUMED_SPEED = 30.0  # output tokens per second over the whole run, on two cores of a laptop
_USED = 0.6  # of what the agents may write, they usually write so much


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    seconds: float
    basis: str  # where the number comes from, for a person


def predict(
    ensemble: Document, bound_digest: str, models: object, past: Iterable[Run]
) -> Prediction:
    """Predict from earlier runs of this very ensemble, else from the speed of its models here.

    `models` are compared with those of earlier runs; without any, the speed is assumed.
    """
    done = [run for run in past if run.status in (RunStatus.SUCCEEDED, RunStatus.REJECTED)]
    same = [run for run in done if run.bound_digest == bound_digest][-_RECENT:]
    if same:
        seconds = median(run.seconds for run in same)
        runs = f"last {len(same)} runs" if len(same) > 1 else "last run"
        return Prediction(seconds=seconds, basis=f"as long as the {runs}")
    budget = _USED * sum(_limit(agent) for agent in agents_of(ensemble))
    speed = _speed([run for run in done if run.models == models])
    if speed:
        return Prediction(
            seconds=budget / speed, basis=f"these models write {speed:.0f} tokens/s here"
        )
    return Prediction(seconds=budget / _ASSUMED_SPEED, basis="assumed: nothing has run here yet")


def _limit(agent: Document) -> int:
    limit = agent.get("max_tokens")
    return limit if isinstance(limit, int) else 0


def _speed(runs: Sequence[Run]) -> float:
    seconds = sum(run.seconds for run in runs)
    return sum(run.output_tokens for run in runs) / seconds if seconds else 0.0
