"""A small swarm against one model, with the real engine and the embedded model."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
import yaml

from conductor.app import compare as app
from conductor.app.project import Project

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("model")]

FIND = {"name": "find", "model_profile": "conductor-micro", "max_tokens": 12}
SWARM = {
    "name": "pair",
    "description": "Names a person.",
    "agents": [
        {**FIND, "system_prompt": "List the names."},
        {**FIND, "name": "write", "depends_on": ["find"], "system_prompt": "Name one of them."},
    ],
}


def test_both_sides_run_on_the_same_inputs(workspace: Path, engine, server):
    (workspace / ".llm-orc/ensembles/pair.yaml").write_text(yaml.safe_dump(SWARM))
    folder = workspace / "registry/examples/pair"
    folder.mkdir(parents=True)
    for name in ("Ada", "Bob"):
        text = f"format: 1\ninput: {name} is here.\nholds: {{most_lines: 9}}\ngood: {{}}\n"
        (folder / f"{name}.yaml").write_text(text)
    engines, servers = (lambda: nullcontext(engine)), (lambda: nullcontext(server))
    begun = []

    def watch(name, number):
        begun.append((name, number))
        return lambda _: None

    with Project(str(workspace), open_runner=engines, open_server=servers) as project:
        contest = app.execute(project, app.plan(project, "pair", app.SINGLE), watch)
    assert begun == [("pair", 1), ("single", 1), ("single", 2), ("pair", 2)]
    assert len(contest.counted) == 2
    assert contest.ours.tokens > contest.theirs.tokens > 0
    assert contest.ours.asked == contest.theirs.asked == 2
    assert contest.sentence.startswith("too few inputs to tell")
