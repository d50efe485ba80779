from __future__ import annotations

from conductor.core.prediction import predict
from conductor.core.run import RunStatus
from tests.samples import run

ENSEMBLE = {
    "agents": [{"name": "a", "max_tokens": 100}, {"name": "b", "max_tokens": 200}, {"name": "join"}]
}
MODELS = (("conductor-small", "tiny"),)


def seconds(*past, digest: str = "sha256:bound", models=MODELS) -> tuple[int, str]:
    found = predict(ENSEMBLE, digest, models, past)
    return round(found.seconds), found.basis


def test_without_any_run_the_speed_is_assumed_and_said_to_be():
    assert seconds() == (6, "assumed: nothing has run here yet")


def test_earlier_runs_of_the_same_form_say_it_best():
    past = [run(f"r{n}", seconds=took) for n, took in enumerate([100, 1, 2, 3, 4, 50])]
    assert seconds(*past) == (3, "as long as the last 5 runs")


def test_other_ensembles_on_the_same_models_say_how_fast_they_are():
    past = [run("r1", bound_digest="sha256:other", output_tokens=100, seconds=10.0)]
    assert seconds(*past) == (18, "these models write 10 tokens/s here")
    assert seconds(*past, models=()) == (6, "assumed: nothing has run here yet")


def test_what_failed_says_nothing():
    assert seconds(run("r1", status=RunStatus.FAILED, seconds=0.1))[0] == 6
