"""From the ledger to a changed policy file, and everything that may be in the way."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from conductor.app.learn import apply, find, learn, with_comparison
from conductor.app.project import Project
from conductor.app.route import Router
from conductor.core.entries import Consent
from conductor.errors import OutsideError, UsageError
from conductor.formats.learning import document, page
from tests.conftest import command
from tests.samples import evaluation
from tests.terminal import converse

CHANGE = "document_tokens lt 8,000 -> 6,000"


@pytest.fixture
def seeded(history: Path, tmp_path: Path) -> Path:
    shutil.copytree(history, tmp_path / "workspace")
    return tmp_path / "workspace"


def test_what_the_ledger_speaks_for_is_proposed(history: Path, snapshot):
    done = command("learn", folder=history)
    assert (done.returncode, done.stdout) == (0, snapshot)
    assert max(len(line) for line in done.stdout.splitlines()) <= 100


def test_a_proposal_is_shown_with_its_diff_and_what_it_means(history: Path):
    with Project(str(history)) as project:
        shown = with_comparison(project, learn(project).proposals[0])
    assert shown.comparison is not None
    assert shown.comparison.riskier == ()
    assert shown.comparison.replay is not None
    assert shown.comparison.replay.total(shown.comparison.flips).count == 25
    assert shown.broken  # the case at the boundary has to be decided anew
    assert "+when = { task = " in page(shown)
    assert "logged       25 of 55 decisions; judged: 25 poor" in page(shown)
    assert document(shown)["broken_cases"] == list(shown.broken)


def test_a_question_comes_with_what_is_known_and_what_is_not(history: Path, snapshot):
    with Project(str(history)) as project:
        _, signal, _, tuning = learn(project).proposals
    assert page(tuning) == snapshot
    assert signal.edit is not None
    assert '{ id = "extract", weight = 4,' in signal.edit.new


def test_an_id_follows_the_change_and_not_the_evidence(seeded: Path):
    with Project(str(seeded)) as project:
        first = [one.id for one in learn(project).proposals]
        project.ledger.add_evaluation(evaluation("by-claude", "run-00", judge="claude"))
        assert [one.id for one in learn(project).proposals] == first
    path = seeded / "policy/routing.toml"
    path.write_text(path.read_text().replace("lt = 8000 }, documents", "lt = 7900 }, documents"))
    with Project(str(seeded)) as project:
        assert first[0] not in [one.id for one in learn(project).proposals]


def test_a_yes_writes_the_number_and_nothing_else(seeded: Path):
    before = (seeded / "policy/routing.toml").read_text()
    with Project(str(seeded)) as project:
        proposal = next(one for one in learn(project).proposals if one.change == CHANGE)
    code, shown = converse(seeded, ["learn", "apply", proposal.id], [("Write this? [y/N]:", "y")])
    assert code == 0, shown
    assert "+when = { task = " in shown
    after = (seeded / "policy/routing.toml").read_text()
    assert after == before.replace("lt = 8000 }, documents = 1", "lt = 6000 }, documents = 1")
    with Project(str(seeded)) as project:
        (consent,) = project.ledger.entries(Consent)
        assert (consent.subject, consent.digest) == ("proposal", proposal.digest)
        with pytest.raises(UsageError, match="there is no proposal"):
            find(learn(project), proposal.id)


def test_without_a_terminal_nothing_is_written(seeded: Path):
    before = (seeded / "policy/routing.toml").read_text()
    with Project(str(seeded)) as project:
        threshold, _, retire, _ = learn(project).proposals
        with pytest.raises(UsageError, match="it is a question to you"):
            apply(project, retire)
    done = command("learn", "apply", threshold.id, folder=seeded)
    assert done.returncode == 2
    assert "a policy changes only with a person's yes" in done.stderr
    assert (seeded / "policy/routing.toml").read_text() == before


def test_a_file_that_changed_meanwhile_is_left_alone(seeded: Path):
    path = seeded / "policy/routing.toml"
    with Project(str(seeded)) as project:
        proposal = learn(project).proposals[0]
        path.write_text(path.read_text() + "# somebody else\n")
        with pytest.raises(OutsideError, match="changed after it was shown"):
            apply(project, proposal)
    assert path.read_text().endswith("# somebody else\n")


def test_a_packaged_file_is_taken_over_with_the_change(seeded: Path):
    packaged = seeded / "policy/routing.toml"
    text = packaged.read_text()
    packaged.unlink()
    with Project(str(seeded)) as project:
        proposal = learn(project).proposals[0]
        assert proposal.edit is not None
        assert not proposal.edit.owned
        assert apply(project, proposal) == "policy/routing.toml"
    assert packaged.read_text() == text.replace("lt = 8000 }, documents", "lt = 6000 }, documents")


def test_an_empty_ledger_proposes_nothing(workspace: Path):
    done = command("learn", folder=workspace)
    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing to propose: looked at 0 logged decisions" in done.stderr
    found = json.loads(command("learn", "--json", folder=workspace).stdout)
    assert (found["format"], found["proposals"], found["insights"]) == (1, [], [])


def labelled(folder: Path) -> str:
    topics = ("ferries", "budgets", "pumps", "rain", "audits", "bridges", "parcels", "mills")
    asked = ("Kindly gloss {} for us", "Do gloss {} before noon", "Gloss {}", "Will you gloss {}")
    rows = [(pattern.format(one), "summarization") for one in topics for pattern in asked]
    rows += [(f"What is the weather like near {one}?", "chat_other") for one in topics]
    lines = [json.dumps({"text": text, "gold_task_type": task}) for text, task in rows]
    (folder / "labels.jsonl").write_text("\n".join(lines))
    return str(folder / "labels.jsonl")


def test_labelled_texts_become_a_signal_after_a_yes_and_are_not_kept(workspace: Path, tmp_path):
    path, tasks = labelled(tmp_path), workspace / "policy/tasks.toml"
    before = tasks.read_text()
    listed = json.loads(command("learn", "--labels", path, "--json", folder=workspace).stdout)
    found = listed["proposals"][0]
    assert (found["kind"], found["subject"]) == ("signal", "summarization: a new signal")
    assert "gloss" in found["change"]
    assert any("precision" in line and "95 % interval" in line for line in found["evidence"])
    words = ("learn", "apply", found["id"], "--labels", path)
    code, said = converse(workspace, [*words], [("Write this? [y/N]:", "y")])
    assert (code, "wrote policy/tasks.toml" in said) == (0, True)
    added = set(tasks.read_text().splitlines()) - set(before.splitlines())
    (line,) = added
    assert line.startswith('  { id = "learned-summarization-')
    graded = command("backtest", path, "--gold", "--json", folder=workspace)
    assert json.loads(graded.stdout)["strict"]["hits"] >= 32
    kept = "".join(one.read_text() for one in (workspace / ".conductor").glob("*.json*"))
    assert "before noon" not in kept


def test_a_file_that_holds_no_labels_is_refused(workspace: Path, tmp_path):
    (tmp_path / "x.jsonl").write_text('{"text": "a"}\n')
    done = command("learn", "--labels", str(tmp_path / "x.jsonl"), folder=workspace)
    assert done.returncode == 2
    assert "x.jsonl:1: error: this line is no labelled task" in done.stderr


@pytest.mark.parametrize(("times", "proposed"), [(3, False), (4, True)])
def test_a_signal_of_a_fact_that_people_surely_contradict_is_silenced(workspace, times, proposed):
    router = Router(str(workspace), log=True, say=print)
    for _ in range(times):
        router.decide("Give me all the names as json", {"fixed_schema": "false"})
    with Project(str(workspace)) as project:
        found = [one for one in learn(project).proposals if one.subject.startswith("fixed_schema")]
        assert bool(found) is proposed
        if proposed:
            (one,) = found
            assert one.change == "weight 1 -> 0"
            assert one.edit is not None
            assert "+weight = 0" in page(with_comparison(project, one))
