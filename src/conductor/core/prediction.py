"""How long a run will take, said before it starts, and where the number comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from conductor.core.closure import agents_of
from conductor.core.execution import Document, output_limit
from conductor.core.run import Run, RunStatus

_RECENT = 5
# Tokens that a model writes per second, where nobody has measured: on a busy machine without a
# graphics card, on two free cores of a laptop, on a machine made for it.
_SLOW, _ASSUMED_SPEED, _FAST = 3.0, 30.0, 100.0
_ASSUMED_START = 5.0  # seconds until engine and model are ready
_LEAST, _USUAL, _MOST = 0.2, 0.6, 1.0  # of what agents may write, they write so much
_COUNTED = 50  # tokens that a speed is measured from, at least
_MINUTES = 120  # seconds from which on one speaks of minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """Wall time in seconds: the likely one, and the span that most runs should lie in."""

    seconds: float
    low: float
    high: float
    basis: str  # where the numbers come from, for a person

    @property
    def span(self) -> str:
        """Say the span as people do: `30-60 s`, `2-5 min`."""
        low, high = max(1, round(self.low)), max(1, round(self.high))
        if high < _MINUTES:
            return f"{low}-{high} s" if low < high else f"{high} s"
        least, most = max(1, round(low / 60)), round(high / 60)
        return f"{least}-{most} min" if least < most else f"{most} min"

    def times(self, count: int) -> Prediction:
        """Predict so many of them, one after the other."""
        return replace(
            self, seconds=self.seconds * count, low=self.low * count, high=self.high * count
        )

    def then(self, other: Prediction) -> Prediction:
        """Predict both, one after the other; where the numbers come from is said of the first."""
        return replace(
            self,
            seconds=self.seconds + other.seconds,
            low=self.low + other.low,
            high=self.high + other.high,
        )


def predict(
    ensemble: Document,
    bound_digest: str,
    models: Sequence[tuple[str, str]],
    past: Iterable[Run],
) -> Prediction:
    """Predict from earlier runs of this very ensemble, else from how fast its models write here.

    `models` are (profile, model). What agents may write, at the measured speed of the model of
    each, one after the other, with the cost of starting and loading: where several write at the
    same time it takes less, which the lower end of the span stands for. Of a model that was never
    measured here only bounds are known, and the span is as wide as they are.
    """
    done = [run for run in past if run.status in (RunStatus.SUCCEEDED, RunStatus.REJECTED)]
    same = [run.seconds for run in done if run.bound_digest == bound_digest][-_RECENT:]
    if same:
        runs = f"last {len(same)} runs" if len(same) > 1 else "last run"
        return Prediction(
            seconds=median(same), low=min(same), high=max(same), basis=f"as long as the {runs}"
        )
    speeds = speeds_of(done)
    known = {model: speeds[model] for _, model in models if model in speeds}
    places = dict(models)
    limits = [
        (output_limit(agent), speeds.get(places.get(str(agent.get("model_profile")), "")))
        for agent in agents_of(ensemble)
    ]
    start = _start(done)
    return Prediction(
        seconds=start + _USUAL * _writing(limits, _ASSUMED_SPEED),
        low=start + _LEAST * _writing(limits, _FAST),
        high=start + _MOST * _writing(limits, _SLOW),
        basis=_basis(known),
    )


def _writing(limits: Iterable[tuple[int, float | None]], otherwise: float) -> float:
    """Add up how long it takes to write so many tokens, at a speed where none is known."""
    return sum(tokens / (speed or otherwise) for tokens, speed in limits)


def speeds_of(runs: Iterable[Run]) -> dict[str, float]:
    """Measure how many tokens each model writes per second here, over its agents' own time."""
    tokens: dict[str, int] = {}
    seconds: dict[str, float] = {}
    for agent in (agent for run in runs for agent in run.agents if agent.seconds):
        tokens[agent.model] = tokens.get(agent.model, 0) + agent.output_tokens
        seconds[agent.model] = seconds.get(agent.model, 0.0) + agent.seconds
    return {
        model: tokens[model] / seconds[model]
        for model in tokens
        if model and tokens[model] >= _COUNTED
    }


def _start(runs: Sequence[Run]) -> float:
    """Measure what runs took beside their agents: starting the engine, loading the model."""
    beside = [run.seconds - sum(agent.seconds for agent in run.agents) for run in runs[-_RECENT:]]
    return median(max(0.0, one) for one in beside) if beside else _ASSUMED_START


def _basis(known: Mapping[str, float]) -> str:
    if not known:
        return "no measurement yet: only bounds are known"
    return ", ".join(f"{model} writes {speed:.0f} tokens/s here" for model, speed in known.items())
