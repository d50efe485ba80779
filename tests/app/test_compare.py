"""An ensemble against one model, with an engine that answers by heart."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from conductor.app import compare as app
from conductor.app.project import Project
from conductor.core.closure import agents_of
from conductor.core.contest import Answer
from conductor.errors import OutsideError
from tests.app.fakes import FakeEngine, FakeServer
from tests.conftest import command

SWARM, SINGLE = "adr-review", "single-model"
GOOD = "## Verdict\nFine.\n## Gaps\nNone.\n## Risks\nNone.\n## Recommendations\nGo."
BAD = GOOD.replace("Fine", "Unclear")


@dataclass
class ByName(FakeEngine):
    """Answers as each ensemble is told to."""

    outputs: dict[str, str] = field(default_factory=dict)

    def invoke(self, invocation, on_progress):
        self.output = self.outputs[str(invocation.ensemble["name"])]
        return super().invoke(invocation, on_progress)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> ByName:
    """Stands where `conductor` would start the real one, and its model server."""
    made, server = ByName(outputs={SWARM: GOOD, SINGLE: BAD}), FakeServer()
    monkeypatch.setattr(Project, "_engine", lambda _: made.open())
    monkeypatch.setattr(Project, "_embedded", lambda _: server.open())
    return made


def examples(workspace: Path, count: int) -> None:
    folder = workspace / "registry/examples" / SWARM
    folder.mkdir(parents=True)
    for number in range(count):
        text = f"format: 1\ninput: record {number}\nholds: {{most_lines: 9}}\n"
        (folder / f"{number}.yaml").write_text(text + 'good: {mentions: ["Fine"]}\n')


def compared(workspace: Path, against: str = app.SINGLE):
    with Project(str(workspace)) as project:
        match = app.plan(project, SWARM, against)
        contest = app.execute(project, match, lambda _name, _number: print)
        assert project.ledger.runs() == []  # a comparison is no use
    return match, contest


def test_a_swarm_that_wins_on_six_inputs_earns_its_keep(workspace: Path, engine: ByName):
    examples(workspace, 6)
    _, contest = compared(workspace)
    assert contest.earns is Answer.YES
    assert (contest.ours.met, contest.theirs.met, contest.ours.asked) == (12, 6, 12)
    assert (engine.opened, engine.closed) == (1, 1)


def test_the_sides_take_turns_in_who_begins(workspace: Path, engine: ByName):
    examples(workspace, 2)
    compared(workspace)
    asked = [one.ensemble["name"] for one in engine.asked]
    assert asked == [SWARM, SINGLE, SINGLE, SWARM]


def test_one_model_has_the_whole_task_on_the_strongest_profile(workspace: Path, engine: ByName):
    match, _ = compared(workspace)
    rival = engine.asked[1].ensemble
    (agent,) = agents_of(rival)
    assert agent["model_profile"] == "conductor-ceiling"
    assert agent["max_tokens"] == 500
    assert "Use exactly these headings" in match.instruction
    assert agent["system_prompt"] == match.instruction
    ours, theirs = (one.expected for one in (match.ours.loaded, match.theirs.loaded))
    assert theirs == ours
    assert not list((workspace / "registry").rglob(f"{SINGLE}*"))


def test_what_conductor_s_checks_turn_down_meets_nothing(workspace: Path, engine: ByName):
    examples(workspace, 1)
    engine.outputs[SWARM] = f'{GOOD}\nIt says "we sail at dawn to the western isles".'
    _, contest = compared(workspace)
    assert contest.ours.met == 0
    assert contest.pairs[0].ours.unmet[0].startswith("grounded: ")


def test_where_nothing_came_through_there_is_no_answer(workspace: Path, engine: ByName):
    engine.error = "`worker` failed: timed out"
    with pytest.raises(OutsideError, match="timed out"):
        compared(workspace)


def test_people_see_both_sides_and_a_plain_sentence(workspace: Path, engine: ByName, snapshot):
    examples(workspace, 6)
    done = command("ensembles", "compare", SWARM, folder=workspace)
    assert (done.returncode, done.stdout) == snapshot
    assert "comparing `adr-review` with `single` on 6 golden inputs, which may take" in done.stderr


def test_a_no_is_exit_1_and_one_object(workspace: Path, engine: ByName):
    examples(workspace, 6)
    engine.outputs[SINGLE] = GOOD
    done = command("ensembles", "compare", SWARM, "--json", folder=workspace)
    answer = json.loads(done.stdout)
    assert done.returncode == 1
    assert (answer["format"], answer["earns_its_keep"], answer["counted"]) == (1, "no", 6)
    assert answer["token_ratio"] == {"median": 14.0, "interval": [14.0, 14.0]}


def test_any_other_ensemble_may_be_the_rival(workspace: Path, engine: ByName):
    engine.outputs["summarize-document"] = BAD
    _, contest = compared(workspace, "summarize-document")
    assert contest.rival == "summarize-document"
    assert contest.better > contest.worse


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["summarize-document"], "it is a single model already"),
        ([SWARM, "--against", SWARM], "cannot be compared with itself"),
        ([SWARM, "--against", "sumarize-document"], "did you mean `summarize-document`?"),
        (["mine"], "`mine` has no golden example to compare on"),
    ],
)
def test_what_cannot_be_compared_is_told_before_anything_runs(
    workspace: Path, engine: ByName, arguments: list[str], message: str
):
    mine = "name: mine\ndescription: d\nagents: [{name: a, model_profile: conductor-small}]\n"
    (workspace / ".llm-orc/ensembles/mine.yaml").write_text(mine)
    done = command("ensembles", "compare", *arguments, folder=workspace)
    assert done.returncode == 2
    assert message in done.stderr
    assert engine.asked == []
