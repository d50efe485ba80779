"""A fine-tuned model on its way back: held against the old one, bound, and judged from zero."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from conductor.app import compare
from conductor.app import run as running
from conductor.app.compile import compile_workspace
from conductor.app.evaluate import evaluate
from conductor.app.project import Project
from conductor.app.report import report
from conductor.core.contest import Answer
from conductor.core.sampling import State
from tests.app.fakes import FakeEngine

NAME, TUNED = "summarize-document", "summarize-document-tuned"
TEXT = "Record {}: the ledger lies on a disk. It is append-only."
FINE = {"reasoning": "it says what the text says", "verdict": "good"}


@dataclass
class ByModel(FakeEngine):
    """Only the fine-tuned model answers as it should."""

    def invoke(self, invocation, on_progress):
        (profile,) = invocation.profiles.values()
        tuned = profile["model"] == "tuned"
        self.output = "The ledger is append-only." if tuned else "The ledger lies on a disk."
        return super().invoke(invocation, on_progress)


def bind(root: Path, **models: str) -> None:
    lines = ["format = 1"]
    for capability, model in models.items():
        lines += [f"[profiles.conductor-{capability}]", 'provider = "openai-compatible"']
        lines += [f'model = "{model}"', 'base_url = "http://127.0.0.1:1/v1"']
    (root / ".conductor/bindings.toml").write_text("\n".join(lines) + "\n")


@pytest.fixture
def both(workspace: Path) -> Path:
    """A workspace with the ensemble, its twin for another class, and six golden inputs."""
    spec = (workspace / f"registry/specs/{NAME}.toml").read_text()
    twin = spec.replace('class = "small"', 'class = "medium"')
    twin = twin.replace("template_version = 1", "template_version = 1\nrouted = false", 1)
    (workspace / f"registry/specs/{TUNED}.toml").write_text(twin)
    folder = workspace / "registry/examples" / NAME
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(6):
        example = {"format": 1, "input": TEXT.format(number), "holds": {"most_lines": 9}}
        example["good"] = {"mentions": ["append-only"]}
        (folder / f"held-out-{number}.yaml").write_text(json.dumps(example))
    assert not compile_workspace(str(workspace)).failed
    return workspace


def opened(root: Path) -> Project:
    return Project(str(root), open_runner=ByModel().open)


def test_the_twin_on_the_new_model_is_compared_with_the_old_one(both: Path):
    bind(both, small="base", medium="tuned")
    with opened(both) as project:
        match = compare.plan(project, NAME, TUNED)
        contest = compare.execute(project, match, lambda _name, _number: lambda _progress: None)
        assert (contest.better, contest.worse) == (0, 6)
        assert contest.earns is Answer.NO
        assert project.policy.candidates["summarization"][0].name == NAME  # nothing is routed anew


def test_once_it_is_bound_everything_is_judged_from_zero(both: Path):
    bind(both, small="base")
    with opened(both) as project:
        plan = running.plan(project, NAME, TEXT.format(7))
        evaluate(project, running.execute(project, plan, lambda _: None).run, FINE)
        before = plan.loaded.closure.bound_digest(plan.bound)
    bind(both, small="tuned")
    with opened(both) as project:
        run = running.execute(
            project, running.plan(project, NAME, TEXT.format(7)), lambda _: None
        ).run
        assert run.bound_digest != before
        assert (run.due, run.due_reason) == (True, "use 1 of 5 in calibration")
        (line,) = report(project).lines
        assert line.stage.state is State.CALIBRATING
        assert line.evidence.tallies == ()
        (older,) = line.superseded
        assert (older.evaluations, [kind for kind, _, _ in older.changes or ()]) == (1, ["model"])
