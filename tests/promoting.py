"""An ensemble that is ready to be promoted, made the way that a person would get there."""

from __future__ import annotations

from pathlib import Path

from conductor.app.assess import assess
from conductor.app.closures import remember
from conductor.app.collect import collect
from conductor.app.ensembles import bindings, load
from conductor.app.project import Project
from conductor.app.readiness import examine
from conductor.app.record import models_of
from conductor.app.run import with_embedded
from conductor.core.tier import Tier
from tests.samples import evaluation, run

NAME = "adr-review"
BINDINGS = """\
format = 1

[profiles.conductor-micro]
provider = "openai-compatible"
base_url = "http://127.0.0.1:9/v1"
model = "qwen3:0.6b"

[profiles.conductor-small]
provider = "openai-compatible"
base_url = "http://127.0.0.1:9/v1"
model = "qwen3:4b"

[profiles.conductor-ceiling]
provider = "openai-compatible"
base_url = "http://127.0.0.1:9/v1"
model = "qwen3:8b"
"""


def bind(workspace: Path) -> None:
    """Say where the profiles run; nothing listens there, and nothing is asked."""
    (workspace / ".conductor").mkdir(exist_ok=True)
    (workspace / ".conductor/bindings.toml").write_text(BINDINGS)


def opened(workspace: Path) -> Project:
    """Open it with an isolation check that says yes: the real one starts the engine."""
    return Project(str(workspace), isolate=lambda *_: "")


def judge(
    workspace: Path,
    *,
    good: int,
    name: str = NAME,
    start: int = 1,
    text: str | None = None,
    **changes: object,
) -> None:
    """Record runs of the ensemble as it is now, each on another input and judged good.

    `text` is kept as input and output of each; `changes` are of the evaluations.
    """
    with opened(workspace) as project:
        loaded = load(project.root, name)
        bound = with_embedded(project, bindings(loaded, project.settings))
        for number in range(start, start + good):
            one = run(
                f"{name}-run-{number}",
                ensemble=name,
                text_digest=loaded.closure.text_digest,
                bound_digest=loaded.closure.bound_digest(bound),
                models=models_of(bound),
            )
            project.ledger.add_run(one, input_text=text, output_text=text)
            project.ledger.add_evaluation(evaluation(f"{name}-{number}", of=one, **changes))
        remember(
            project.root,
            loaded.closure.bound_digest(bound),
            loaded.closure.bound_members(bound),
        )


def make_ready(
    workspace: Path,
    *,
    good: int = 5,
    name: str = NAME,
    tier: Tier = Tier.LOCAL,
    embedded: bool = False,
) -> None:
    """Bring the ensemble in `tier` through every gate, the engine's answer included.

    It runs on servers that are not there, or on the `embedded` model, which is.
    """
    if not embedded:
        bind(workspace)
    judge(workspace, good=good, name=name)
    with opened(workspace) as project:
        record = {"reasoning": "No prompt names a project.", "verdict": "good"}
        assess(project, collect(project.root, name, tier), record, judge="claude")
        examine(project, name, Tier.GLOBAL)  # keeps the answer of the isolation check
