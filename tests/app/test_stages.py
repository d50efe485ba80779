"""From calibration to established and back: what the ledger notes, and what people are told."""

from __future__ import annotations

import json
from pathlib import Path

from conductor.app.evaluate import evaluate, find_run
from conductor.app.evidence import weighed
from conductor.app.feedback import give_feedback, waiting
from conductor.app.project import Project
from conductor.app.stages import form_of, settle
from conductor.core.entries import Feedback, Transition
from conductor.core.run import RunStatus
from conductor.core.sampling import State, stage
from tests.conftest import command
from tests.samples import run

FINE = {"reasoning": "it says what the text says", "verdict": "good"}
BOUND = run().bound_digest


def use(project: Project, number: int, **changes) -> None:
    """Run once, as `run` does: a row, and a look at what it means."""
    one = run(f"run-{number:03}", **{"due": False, **changes})
    project.ledger.add_run(one, input_text=None, output_text=None)
    settle(project, one.ensemble, one.bound_digest)


def establish(project: Project, *, uses: int = 21) -> None:
    for number in range(uses):
        use(project, number)
        if number < 5:
            evaluate(project, run(f"run-{number:03}"), FINE)


def state(project: Project) -> State:
    known = form_of(project, "summarize-document", BOUND).known
    return stage(project.judging.sampling, known).state


def changes(project: Project) -> list[tuple[str, str]]:
    return [(one.state, one.run) for one in project.ledger.entries(Transition)]


def test_an_ensemble_goes_from_calibration_to_established(project):
    seen = [state(project)]
    for number in range(21):
        use(project, number)
        if number < 5:
            evaluate(project, run(f"run-{number:03}"), FINE)
        seen.append(state(project))
    assert list(dict.fromkeys(seen)) == [State.CALIBRATING, State.SAMPLING, State.ESTABLISHED]
    assert changes(project) == [("established", "run-020")]


def test_failed_checks_and_complaints_send_an_established_one_back(project):
    establish(project)
    for number in range(21, 24):
        use(project, number, status=RunStatus.REJECTED)
    assert state(project) is State.ESTABLISHED
    use(project, 24)
    give_feedback(project, run("run-024"), negative=True)
    assert changes(project) == [("established", "run-020"), ("drifting", "run-024")]
    assert state(project) is State.DRIFTING
    (evidence,) = weighed(project.ledger)
    assert (evidence.uses, evidence.leading.judged) == (0, 0)
    assert evidence.drifted == "4 of 4 uses failed a check or brought a complaint"


def test_after_drift_everything_counts_from_there(project):
    establish(project)
    for number in range(21, 25):
        use(project, number, status=RunStatus.REJECTED)
    assert state(project) is State.DRIFTING
    for number in range(25, 46):
        use(project, number)
        if number < 30:
            evaluate(project, run(f"run-{number:03}"), FINE)
    assert state(project) is State.ESTABLISHED
    assert changes(project)[-1] == ("established", "run-045")
    (evidence,) = weighed(project.ledger)
    assert (evidence.uses, evidence.leading.judged, evidence.rejected) == (21, 5, 0)


def test_a_new_form_begins_with_calibration(project):
    establish(project)
    other = run("run-900", bound_digest="sha256:other")
    project.ledger.add_run(other, input_text=None, output_text=None)
    settle(project, other.ensemble, other.bound_digest)
    known = form_of(project, other.ensemble, other.bound_digest).known
    assert stage(project.judging.sampling, known).state is State.CALIBRATING
    assert state(project) is State.ESTABLISHED


def test_route_no_longer_takes_a_drifted_ensemble_for_proven(project):
    establish(project)
    for number in range(21, 25):
        use(project, number, status=RunStatus.REJECTED)
    give_feedback(project, run("run-024"), negative=True)
    entry = json.loads(Path(project.path(".conductor/evidence.json")).read_text())["ensembles"]
    row = entry["summarize-document"]
    assert (row["uses"], row["acceptance_percent"], row["state"]) == (0, 0, "drifting")


# --- feedback


def test_a_complaint_makes_a_run_due_until_it_is_judged_again(project):
    one = run("run-1", due=False)
    project.ledger.add_run(one, input_text=None, output_text=None)
    assert waiting(project) == ()
    given = give_feedback(project, one, negative=True, text="it names the wrong town")
    (due,) = waiting(project)
    assert due.due_reason == "somebody complained: it names the wrong town"
    assert find_run(project, "").id == "run-1"
    evaluate(project, one, FINE)
    assert waiting(project) == ()
    give_feedback(project, one, negative=True)
    assert [run.due_reason for run in waiting(project)] == ["somebody complained"]
    first, _ = project.ledger.entries(Feedback)
    assert first == given


def test_praise_is_noted_and_makes_nothing_due(project):
    one = run("run-1", due=False)
    project.ledger.add_run(one, input_text=None, output_text=None)
    give_feedback(project, one, negative=False)
    assert waiting(project) == ()
    assert [given.negative for given in project.ledger.entries(Feedback)] == [False]


def test_the_command_says_what_follows(workspace: Path):
    with Project(str(workspace)) as project:
        project.ledger.add_run(run("run-0001", due=False), input_text=None, output_text=None)
    done = command("feedback", "run-0001", "--negative", "--text", "wrong town", folder=workspace)
    assert (done.returncode, done.stdout) == (0, "summarize-document  run-0001  negative\n")
    assert "next: conductor evaluate run-0001" in done.stderr
    shown = command("report", folder=workspace).stdout
    assert "run-0001  summarize-document  somebody complained: wrong town" in shown
    assert command("feedback", "run-0001", folder=workspace).returncode == 2
    assert command("feedback", "run-9999", "--positive", folder=workspace).returncode == 2
