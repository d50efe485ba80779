"""The shapes that no ensemble of the kit has, run from end to end on the embedded model.

What is asked for is what the shape promises, whatever the words of the tiny model.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from conductor.adapters.llm_orc import Engine, open_engine
from conductor.app import run as app
from conductor.app.compile import compile_workspace
from conductor.app.project import Project
from conductor.app.run import Finished
from conductor.core.run import RunStatus
from tests.templates import spec

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("model")]

TWO_PARTS = "The export moves in March.\n\nThe report shows sums per month."
CLASSES = {"map_class": "micro", "reduce_class": "micro"}
SPECS = {
    # `map` and `reduce` are forms, not tasks of the policy: they are run by name.
    "notes": spec(
        "map-reduce",
        {"map": "List one statement.", "reduce": "Write one sentence.", "part_words": 50, **CLASSES}
        | {"map_max_tokens": 16, "reduce_max_tokens": 32},
    ),
    "changes": spec(
        "brief",
        {"condense": "Say what it is.", "question": "Which one matters?", "max_tokens": 16},
    ),
    "verdicts": spec(
        "judge",
        {"rubric": "classification", "class": "micro", "max_tokens": 300},
    ),
    "easy": spec(
        "draft-check",
        {"instruction": "Write one line.", "checks": {"max_words": 90}, "max_tokens": 16},
    ),
    "impossible": spec(
        "draft-check",
        {
            "instruction": "Write one line.",
            "checks": {"starts_with": "§ 17"},
            "tries": 2,
            "max_tokens": 16,
        },
    ),
    "a-line": spec(
        "single", {"instruction": "Summarize in one line.", "max_tokens": 16}, task="summarization"
    ),
    "entry": spec("router", {"targets": ["a-line"]}),
}

Runs = Callable[[str, str], Finished]


@pytest.fixture(scope="module")
def folder(_compiled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("shapes") / "workspace"
    shutil.copytree(_compiled, made)
    for name, text in SPECS.items():
        (made / f"registry/specs/{name}.toml").write_text(text)
    done = compile_workspace(str(made))
    assert not done.failed, done.findings
    return made


@pytest.fixture(scope="module")
def inside(folder: Path) -> Iterator[Engine]:
    """An engine where `run` has it: below the workspace, so that scripts can ask its policy."""
    with open_engine(str(folder / ".conductor/engine")) as opened:
        yield opened


@pytest.fixture
def run(folder: Path, inside: Engine, server) -> Iterator[Runs]:
    engines, servers = (lambda: nullcontext(inside)), (lambda: nullcontext(server))
    with Project(str(folder), open_runner=engines, open_server=servers) as project:
        yield lambda name, text: app.execute(project, app.plan(project, name, text), lambda _: None)


def names(finished: Finished) -> list[str]:
    return [agent.name for agent in finished.run.agents]


def test_a_long_document_is_worked_on_in_parts_and_brought_together(run: Runs):
    long = "\n\n".join([TWO_PARTS.replace("month", "month and year " * 12)] * 2)
    finished = run("notes", long)
    assert {"map[0]", "map[1]", "reduce"} <= set(names(finished))
    assert finished.output.strip()
    assert finished.run.input_tokens > 0


def test_a_brief_has_a_section_for_each_item_and_ends_with_the_question(run: Runs):
    finished = run("changes", TWO_PARTS)
    heads = [line for line in finished.output.splitlines() if line.startswith("#")]
    assert heads == [
        "# made by a test",
        "## 1. The export moves in March.",
        "## 2. The report shows sums per month.",
        "## To judge",
    ]
    assert finished.output.endswith("Which one matters?")


def test_a_judge_reasons_before_it_answers(run: Runs):
    finished = run("verdicts", "Task: say when.\nOutput: The export moves in May.")
    assert "does not begin with its reasoning" not in finished.output
    assert "no reasoning before it" not in finished.output
    if finished.run.status is RunStatus.SUCCEEDED:  # else it ran into its limit
        record = json.loads(finished.output)
        assert list(record) == ["criteria", "reasoning", "failure_mode"]
        assert list(record["criteria"]["fits"]) == ["evidence", "reasoning", "answer"]


def test_a_draft_that_passes_its_checks_comes_out(run: Runs):
    assert run("easy", TWO_PARTS).output.strip()


def test_a_draft_that_passes_in_no_try_does_not_come_out(run: Runs):
    finished = run("impossible", TWO_PARTS)
    assert finished.output.strip() == ""
    assert finished.run.status is RunStatus.REJECTED
    assert finished.on_failure == "claude"


def test_a_router_runs_what_the_policy_decides(run: Runs):
    finished = run("entry", f"Summarize this text: {TWO_PARTS}")
    assert finished.output.strip()
    assert finished.run.status is not RunStatus.FAILED


def test_a_router_leaves_to_claude_what_the_policy_leaves_to_claude(run: Runs):
    finished = run("entry", "Find the root cause of a race that needs three services.")
    assert finished.output.strip() == ""
    assert finished.run.status is RunStatus.REJECTED
    (why,) = [one.detail for one in finished.run.checks if not one.passed]
    assert "`decide` says the policy decides claude: " in why
