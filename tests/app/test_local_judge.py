"""A local judge on real runs: what it may say, what that is worth, and how it is found out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from conductor.app import local_judge as app
from conductor.app.compile import compile_workspace
from conductor.app.evaluate import evaluate
from conductor.app.feedback import give_feedback, waiting
from conductor.app.learn import apply, learn
from conductor.app.project import Project
from conductor.app.report import report
from conductor.app.takeover import settle_judge
from conductor.core.canary import drawn
from conductor.core.closure import agents_of
from conductor.core.digest import digest_bytes
from conductor.core.entries import CanaryVerdict
from conductor.core.evaluation import Verdict
from conductor.core.execution import Outcome
from conductor.core.proposal import Kind, Proposal
from conductor.core.sampling import draw
from conductor.core.takeover import JudgeState
from conductor.errors import SourceError, UsageError
from tests.app.fakes import FakeEngine, FakeServer
from tests.conftest import command, edit
from tests.samples import evaluation, run

SPEC = """\
format = 1
template = "judge"
template_version = 3
description = "Judges summaries by the rubric."

[parameters]
rubric = "summarization"
class = "micro"
"""
JUDGE = "judge-summaries"
FEW = range(50, 90)  # numbers of runs that nobody has judged yet
LEFT = next(number for number in FEW if draw(f"audit run-{number:03}") < 0.1)
TAKEN = [number for number in FEW if draw(f"audit run-{number:03}") >= 0.1][:2]
WATCHED = [number for number in FEW if number != LEFT and drawn(f"run-{number:03}", 50)][:6]


class Juror(FakeEngine):
    """Judges as it was told to: kindly (all is met), or by what stands in the output."""

    blind = False

    def invoke(self, invocation, on_progress) -> Outcome:
        agent: dict[str, Any] = dict(agents_of(invocation.ensemble)[0])
        given, shown = (
            invocation.input.split(f"<<< {name} ")[1].split("\n", 1)[1].split("\n>>> ")[0]
            for name in ("input", "output")
        )
        fine = "good" in shown.split()[:2] and given.split()[0] in shown
        poor = not self.blind and not fine
        told = {
            "evidence": [shown.split()[0]],
            "reasoning": "it says so",
            "answer": "missed" if poor else "met",
        }
        names = agent["response_format"]["properties"]["criteria"]["properties"]
        record = {
            "criteria": dict.fromkeys(names, told),
            "reasoning": "as the words show",
            "failure_mode": "invented-content" if poor else "none",
        }
        self.output = self.error or json.dumps(record)
        return super().invoke(invocation, on_progress)


@pytest.fixture(scope="module")
def _judging(_compiled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("judging") / "w"
    shutil.copytree(_compiled, folder)
    (folder / f"registry/specs/{JUDGE}.toml").write_text(SPEC)
    edit(folder, "policy/sampling.toml", "judged = 300", "judged = 30")
    edit(folder, "policy/sampling.toml", "poor = 45", "poor = 10")
    edit(folder, "policy/sampling.toml", "canary_percent = 10", "canary_percent = 50")
    assert not compile_workspace(str(folder)).failed
    return folder


@pytest.fixture
def root(_judging: Path, tmp_path: Path) -> Path:
    shutil.copytree(_judging, tmp_path / "w")
    return tmp_path / "w"


@pytest.fixture(scope="module")
def _fit(_judging: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fit") / "w"
    shutil.copytree(_judging, folder)
    with opened(folder) as project:
        judge = app.find_judge(project, f"local:{JUDGE}").name
        for number in range(31):  # every third one is poor, and looks so
            verdict = Verdict.GOOD if number % 3 else Verdict.POOR
            add(project, number, good=verdict is Verdict.GOOD)
            for who in ("human", judge):
                label(project, number, verdict, who)
    return folder


@pytest.fixture
def fit(_fit: Path, tmp_path: Path) -> Path:
    """A workspace with a local judge that has judged what people judged, as they did."""
    shutil.copytree(_fit, tmp_path / "w")
    return tmp_path / "w"


@contextmanager
def opened(root: Path, juror: Juror | None = None) -> Iterator[Project]:
    engine = juror or Juror()
    with Project(str(root), open_runner=engine.open, open_server=FakeServer().open) as project:
        yield project


def text_of(number: int) -> str:
    return " ".join(f"{word}{number}" for word in ("amber", "birch", "cedar", "denim", "ember"))


def add(project: Project, number: int, *, good: bool = True, **changes: object) -> None:
    told = "a good summary" if good else "something else"
    given, made = text_of(number), f"{told} of {text_of(number)} and no more than that"
    one = run(
        f"run-{number:03}",
        input_digest=digest_bytes(given.encode()),
        output_digest=digest_bytes(made.encode()),
        **changes,
    )
    project.ledger.add_run(one, input_text=given, output_text=made)


def label(project: Project, number: int, verdict: Verdict, judge: str) -> None:
    rubric = project.judging.rubrics["summarization"]
    one = evaluation(
        project.new_id(),
        run(f"run-{number:03}"),
        verdict=verdict,
        judge=judge,
        rubric="summarization",
        rubric_revision=rubric.revision,
        failure_mode="invented-content" if verdict is Verdict.POOR else "",
    )
    project.ledger.add_evaluation(one)


def enable(root: Path, name: str) -> None:
    edit(root, "policy/sampling.toml", "judges = []", f'judges = ["{name}"]')


def judge_all(project: Project) -> app.LocalJudge:
    judge = app.find_judge(project, f"local:{JUDGE}")
    for one in app.judge_runs(project, judge, app.work_for(project, judge)):
        assert one.evaluation, one.why
    return judge


def test_it_is_asked_by_its_rubric_and_sees_nothing_but_the_texts(root: Path):
    juror = Juror()
    with opened(root, juror) as project:
        add(project, 1)
        judge = app.find_judge(project, f"local:{JUDGE}")
        (one,) = app.judge_runs(project, judge, app.work_for(project, judge))
    asked = juror.asked[0]
    agent: dict[str, Any] = dict(agents_of(asked.ensemble)[0])
    schema = agent["response_format"]
    assert list(schema["properties"]) == ["criteria", "reasoning", "shortcoming"]
    answer = schema["properties"]["criteria"]["properties"]["grounded"]["properties"]
    assert list(answer) == ["evidence", "reasoning", "result"]
    assert "Does every statement stand in the input" in agent["system_prompt"]
    assert text_of(1) in asked.input
    assert "summarize-document" not in asked.input
    assert one.evaluation
    assert one.evaluation.judge == judge.name
    assert (one.evaluation.verdict, one.evaluation.judge_tokens) == (Verdict.GOOD, 0)


def test_the_word_of_a_candidate_counts_nowhere_and_its_run_still_waits(root: Path):
    with opened(root) as project:
        add(project, 1)
        add(project, 2)
        evaluate(project, run("run-002"), {"reasoning": "fine", "verdict": "good"})
        before = report(project)
        judge_all(project)
        assert len(project.ledger.evaluations()) == 3
        assert [one.id for one in waiting(project)] == ["run-001"]
        assert report(project) == before
        counting = project.ledger.evaluations(counting=True)
        assert [one.judge for one in counting] == ["human"]  # what gates look at


def test_a_judge_that_agrees_judges_alone_once_a_person_lets_it(fit: Path):
    root = fit
    with opened(root) as project:
        judge = app.find_judge(project, f"local:{JUDGE}")
        assert (judge.standing.state, judge.standing.fit) == (JudgeState.CANDIDATE, True)
    enable(root, judge.name)
    with opened(root) as project:
        for number in (LEFT, *TAKEN):
            add(project, number)
        judge = judge_all(project)
        assert judge.standing.state is JudgeState.ROUTINE
        assert [one.id for one in waiting(project)] == [f"run-{LEFT:03}"]  # for people to compare
        (line,) = report(project).lines
        assert {one.judge for one in line.evidence.tallies} == {"human", judge.name}
    edit(root, "policy/sampling.toml", f'judges = ["{judge.name}"]', "judges = []")
    with opened(root) as project:
        (line,) = report(project).lines
        assert {one.judge for one in line.evidence.tallies} == {"human"}


def proposed(project: Project) -> list[Proposal]:
    return [one for one in learn(project).proposals if one.kind is Kind.JUDGE]


def test_learn_proposes_a_judge_that_has_shown_enough_and_only_a_yes_lets_it(fit: Path):
    with opened(fit) as project:
        name = app.find_judge(project, f"local:{JUDGE}").name
        (one,) = proposed(project)
        assert (str(one.kind), one.subject, one.change) == ("judge", name, "let it judge alone")
        assert one.evidence[0].startswith("on 31 runs that people judged as well: weighted kappa 1")
        assert one.evidence[1].startswith("11 of 11 poor ones found")
        assert app.find_judge(project, name).standing.state is JudgeState.CANDIDATE
        assert apply(project, one) == "policy/sampling.toml"
    with opened(fit) as project:
        assert project.judging.handover.judges == (name,)
        assert app.find_judge(project, name).standing.state is JudgeState.ROUTINE
        assert proposed(project) == []


def test_a_judge_that_is_another_form_by_now_is_not_proposed(fit: Path):
    edit(fit, f"registry/specs/{JUDGE}.toml", '"micro"', '"small"')
    with opened(fit) as project:
        assert proposed(project) == []


def test_a_judge_that_misses_what_is_planted_is_disabled_and_starts_from_zero(fit: Path):
    root, kind = fit, Juror()
    kind.blind = True
    with opened(root, kind) as project:
        enable(root, app.find_judge(project, f"local:{JUDGE}").name)
    with opened(root, kind) as project:
        for number in WATCHED:
            add(project, number)
        judge = judge_all(project)
        assert judge.standing.state is JudgeState.ROUTINE
        found = settle_judge(project, judge.name)
        assert found.state is JudgeState.DISABLED
        assert "planted poor outputs found" in found.reason
        assert {one.judge for one in report(project).lines[0].evidence.tallies} == {"human"}
        planted = project.ledger.entries(CanaryVerdict, ensemble=judge.name)
        assert {one.kind for one in planted} == {"swapped", "garbled"}
        again = settle_judge(project, judge.name)
        assert (again.state, again.canaries.planted) == (JudgeState.DISABLED, 0)
        assert "0 of 30 runs that people judged" in again.reason


def test_a_complaint_is_left_to_people(root: Path):
    with opened(root) as project:
        add(project, 1)
        give_feedback(project, run("run-001"), negative=True, text="the wrong town")
        judge = app.find_judge(project, f"local:{JUDGE}")
        assert app.work_for(project, judge) == []


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("no JSON at all", "this is no record of a judgement"),
        ('{"verdict": "good", "reasoning": "r", "criteria": {}}', "stands before"),
        ('{"criteria": {}, "reasoning": "r", "failure_mode": "none"}', "is not answered"),
    ],
)
def test_what_a_local_judge_says_is_held_to_the_same_rules(root: Path, answer: str, why: str):
    juror = FakeEngine(output=answer)
    with Project(str(root), open_runner=juror.open, open_server=FakeServer().open) as project:
        add(project, 1)
        judge = app.find_judge(project, f"local:{JUDGE}")
        (one,) = app.judge_runs(project, judge, app.work_for(project, judge))
        assert one.evaluation is None
        assert why in one.why
        assert project.ledger.evaluations() == []


def test_what_is_no_judge_and_what_is_another_form_is_told(root: Path):
    with opened(root) as project:
        with pytest.raises(UsageError, match="`summarize-document` is no judge"):
            app.find_judge(project, "local:summarize-document")
        with pytest.raises(UsageError, match="is another form of this judge"):
            app.find_judge(project, f"local:{JUDGE}@01234567")
    path = root / f".llm-orc/ensembles/{JUDGE}.yaml"
    by_hand = path.read_text().partition("\n")[2].replace("sha256:", "sha256:0")
    path.with_stem("by-hand").write_text(by_hand.replace(JUDGE, "by-hand"))
    with opened(root) as project, pytest.raises(SourceError, match="another revision of the"):
        app.find_judge(project, "local:by-hand")


def test_the_state_of_a_judge_is_shown(fit: Path, snapshot):
    with opened(fit) as project:
        name = app.find_judge(project, f"local:{JUDGE}").name
    shown = command("judge", "calibrate", "--judge", name, folder=fit)
    assert shown.stdout.replace(name, "local:JUDGE") == snapshot
    document = command("judge", "calibrate", "--judge", name, "--json", folder=fit)
    assert json.loads(document.stdout)["standing"]["state"] == "candidate"


def test_the_command_asks_judges_and_says_what_that_is_worth(
    root: Path, monkeypatch: pytest.MonkeyPatch, snapshot
):
    juror, server = Juror(), FakeServer()
    monkeypatch.setattr(Project, "_engine", lambda _: juror.open())
    monkeypatch.setattr(Project, "_embedded", lambda _: server.open())
    with Project(str(root)) as project:
        add(project, 1)
        add(project, 2, good=False)
        name = app.find_judge(project, f"local:{JUDGE}").name
    named = f"local:{JUDGE}"
    done = command("evaluate", "--judge", named, "--pending", folder=root)
    assert done.returncode == 0
    assert (done.stdout + done.stderr).replace(name, "local:JUDGE") == snapshot
    juror.error = "nothing"
    again = command("evaluate", "run-001", "--judge", named, "--json", folder=root)
    document = json.loads(again.stdout)
    assert (again.returncode, document["judge"]["state"]) == (1, "candidate")
    assert [one["run"] for one in document["refused"]] == ["run-001"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--judge", "gpt"], "there is no judge `gpt`"),
        (["--judge", "local:"], "nobody says which local judge"),
        (["--judge", f"local:{JUDGE}", "--verdict", "good"], "a local judge is asked"),
    ],
)
def test_what_makes_no_sense_with_a_local_judge_is_refused(root: Path, arguments, message):
    done = command("evaluate", *arguments, folder=root)
    assert (done.returncode, message in done.stderr) == (2, True)
