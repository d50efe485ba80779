"""How long a run will take, said before it starts, and where the number comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from statistics import median
from typing import NamedTuple

from conductor.core.closure import agents_of
from conductor.core.execution import Document, output_limit
from conductor.core.run import Run, RunStatus

_RECENT = 5
_MEASURED = 20  # runs of a model that its speed is measured from
_TOLD = 2.0  # slowdown from which on it is told
_ASSUMED_START = 5.0  # seconds until engine and model are ready
_LEAST, _USUAL, _MOST = 0.2, 0.6, 1.0  # of what agents may write, they write so much
_COUNTED = 50  # tokens that a speed is measured from, at least
_MINUTES = 120  # seconds from which on one speaks of minutes


class Speed(NamedTuple):
    """Tokens that a model writes per second."""

    slowest: float
    usual: float
    fastest: float

    def __str__(self) -> str:
        low, usual, high = (f"{one:.0f}" for one in self)
        return usual if low == high else f"{low} to {high}"


# Where nobody has measured: on a busy machine without a graphics card, on two free cores of a
# laptop, on a machine made for it.
_ASSUMED = Speed(3.0, 30.0, 100.0)


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
    *,
    slowdown: float = 1.0,
) -> Prediction:
    """Predict from earlier runs of this very ensemble, else from how fast its models write here.

    `models` are (profile, model), `past` is oldest first. `slowdown` is how many times as long
    everything takes beside the other work on this machine; earlier runs may have had it or not.
    """
    done = [run for run in past if run.status in (RunStatus.SUCCEEDED, RunStatus.REJECTED)]
    same = [run.seconds for run in done if run.bound_digest == bound_digest][-_RECENT:]
    found = _as_before(same) if same else _from_speeds(ensemble, models, done)
    return _beside(found, slowdown)


def _as_before(seconds: Sequence[float]) -> Prediction:
    """Give the next of runs that took so long: the fewer there are, the wider the span."""
    count = len(seconds)
    wider = 1 + 1 / count
    runs = f"last {count} runs" if count > 1 else "last run"
    return Prediction(
        seconds=median(seconds),
        low=min(seconds) / wider,
        high=max(seconds) * wider,
        basis=f"as long as the {runs}",
    )


def _beside(found: Prediction, slowdown: float) -> Prediction:
    """Take other work into account: the likely time goes halfway, in proportion, to the longest."""
    basis = found.basis
    if slowdown >= _TOLD:
        basis += f"; other work keeps this machine busy: up to {slowdown:.0f} times as long"
    return replace(
        found, seconds=found.seconds * sqrt(slowdown), high=found.high * slowdown, basis=basis
    )


def _from_speeds(
    ensemble: Document, models: Sequence[tuple[str, str]], done: Sequence[Run]
) -> Prediction:
    """Predict what agents may write, at the measured speeds of the model of each.

    One after the other, with the cost of starting and loading: where several write at the same
    time it takes less, which the lower end of the span stands for. Of a model that was never
    measured here only bounds are known, and the span is as wide as they are.
    """
    speeds = speeds_of(done)
    known = {model: speeds[model] for _, model in models if model in speeds}
    places = dict(models)
    limits = [
        (output_limit(agent), speeds.get(places.get(str(agent.get("model_profile")), "")))
        for agent in agents_of(ensemble)
    ]
    start = _start(done)
    return Prediction(
        seconds=start + _USUAL * sum(n / (one or _ASSUMED).usual for n, one in limits),
        low=start + _LEAST * sum(n / (one or _ASSUMED).fastest for n, one in limits),
        high=start + _MOST * sum(n / (one or _ASSUMED).slowest for n, one in limits),
        basis=_basis(known),
    )


def speeds_of(runs: Sequence[Run]) -> dict[str, Speed]:
    """Measure how fast each model writes here, over its agents' own time, in its newest runs."""
    measured: dict[str, list[tuple[int, float]]] = {}
    for run in reversed(runs):
        for model in {agent.model for agent in run.agents if agent.model and agent.seconds}:
            own = [agent for agent in run.agents if agent.model == model]
            tokens = sum(agent.output_tokens for agent in own)
            measured.setdefault(model, []).append((tokens, sum(agent.seconds for agent in own)))
    return {
        model: _speed(ones[:_MEASURED])
        for model, ones in measured.items()
        if sum(tokens for tokens, _ in ones[:_MEASURED]) >= _COUNTED
    }


def _speed(measured: Sequence[tuple[int, float]]) -> Speed:
    """Take the whole as usual; a run of few words says little about the ends."""
    tokens, seconds = map(sum, zip(*measured, strict=True))
    usual = tokens / seconds
    single = [count / took for count, took in measured if count >= _COUNTED]
    return Speed(min([usual, *single]), usual, max([usual, *single]))


def _start(runs: Sequence[Run]) -> float:
    """Measure what runs took beside their agents: starting the engine, loading the model."""
    beside = [run.seconds - sum(agent.seconds for agent in run.agents) for run in runs[-_RECENT:]]
    return median(max(0.0, one) for one in beside) if beside else _ASSUMED_START


def _basis(known: Mapping[str, Speed]) -> str:
    if not known:
        return "no measurement yet: only bounds are known"
    return ", ".join(f"{model} writes {speed} tokens/s here" for model, speed in known.items())
