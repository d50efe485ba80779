"""Judging as people and Claude do it: at the prompt, by flags, and by a written record."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from conductor.app.project import Project
from conductor.core.digest import digest_bytes
from conductor.core.evaluation import Verdict
from tests.conftest import command
from tests.samples import evaluation, run
from tests.terminal import converse

INPUT = "The ledger is append-only. A team shares one on PostgreSQL."
OUTPUT = "The ledger is append-only.\x1b[2J It is stored on MySQL."
RUN = "run-000000001"
CRITERIA = {
    "grounded": {
        "evidence": ["stored on MySQL", "shares one on PostgreSQL"],
        "reasoning": "the input names another database",
        "answer": "missed",
    },
    "complete": {"evidence": ["append-only"], "reasoning": "it is there", "answer": "met"},
    "brief": {"evidence": ["append-only"], "reasoning": "it is short", "answer": "met"},
}
RECORD = {
    "run": RUN,
    "judge": "claude",
    "criteria": CRITERIA,
    "reasoning": "it invents a database",
    "failure_mode": "invented-content",
    "verdict": "poor",
}


def seed(workspace: Path, *, kept: bool) -> Path:
    with Project(str(workspace)) as project:
        for name in (RUN, "run-000000002"):
            one = run(
                name,
                input_digest=digest_bytes(INPUT.encode()),
                output_digest=digest_bytes(OUTPUT.encode()),
            )
            texts = (INPUT, OUTPUT) if kept else (None, None)
            project.ledger.add_run(one, input_text=texts[0], output_text=texts[1])
    return workspace


@pytest.fixture
def judged(workspace: Path) -> Path:
    """A workspace with two runs that wait to be judged, and their texts."""
    return seed(workspace, kept=True)


def written(folder: Path, record: object, *, name: str = "record.yaml") -> Path:
    text = json.dumps(record) if name.endswith("json") else yaml.safe_dump(record, sort_keys=False)
    (folder / name).write_text(text)
    return folder / name


# --- by hand


def test_a_person_sees_both_texts_and_thinks_before_judging(judged: Path, snapshot):
    code, shown = converse(
        judged,
        ["evaluate", RUN],
        [
            ("decides?)", "it invents a database"),
            ("[m/p/x]", "x"),
            ("[m/p/x]", "maybe"),
            ("[m/p/x]", "met"),
            ("[m/p/x]", "p"),
            ("Failure mode:", "invented-content"),
        ],
    )
    assert code == 0
    assert shown == snapshot


def test_between_two_runs_a_person_may_stop(judged: Path):
    talk = [("decides?)", "fine"), *[("[m/p/x]", "m")] * 3, ("Go on? 1 left", "n")]
    code, shown = converse(judged, ["evaluate", "--pending"], talk)
    assert code == 0
    assert "run-00000000  good" in shown
    assert "1 run waiting to be judged" in command("report", folder=judged).stdout


# --- by a record


def test_the_prompt_holds_everything_a_judge_needs(judged: Path, snapshot):
    done = command("judge", "prompt", RUN, folder=judged)
    assert done.returncode == 0
    assert done.stdout == snapshot
    document = json.loads(command("judge", "prompt", RUN, "--json", folder=judged).stdout)
    assert document["format"] == 1
    assert document["prompt"].replace("\x1b[2J", "") == done.stdout


def test_without_kept_texts_the_prompt_needs_files_and_only_the_right_ones(workspace: Path):
    seed(workspace, kept=False)
    refused = command("judge", "prompt", RUN, folder=workspace)
    assert refused.returncode == 2
    assert "add `--input-file FILE --output-file FILE`" in refused.stderr
    for name, text in (("in", INPUT), ("out", OUTPUT)):
        (workspace / name).write_text(text)
    right = command(
        "judge", "prompt", RUN, "--input-file", "in", "--output-file", "out", folder=workspace
    )
    assert "shares one on PostgreSQL" in right.stdout
    wrong = command(
        "judge", "prompt", RUN, "--input-file", "out", "--output-file", "out", folder=workspace
    )
    assert f"this is not the input of run `{RUN}`" in wrong.stderr


@pytest.mark.parametrize("name", ["record.yaml", "record.json"])
def test_a_record_is_taken_and_its_evidence_kept_as_places(judged: Path, name: str):
    path = written(judged, RECORD, name=name)
    done = command("evaluate", "--from", str(path), "--json", folder=judged)
    assert done.returncode == 0, done.stderr
    (one,) = json.loads(done.stdout)["evaluations"]
    assert (one["judge"], one["verdict"], one["failure_mode"]) == (
        "claude", "poor", "invented-content",
    )  # fmt: skip
    (text, start, end), _ = one["criteria"]["grounded"]["evidence"]
    assert text == "output"
    assert OUTPUT[start:end] == "stored on MySQL"
    assert list(one).index("criteria") < list(one).index("reasoning") < list(one).index("verdict")
    assert one["judge_tokens"] > 100


def test_a_record_in_a_code_fence_is_read_where_it_stands(judged: Path):
    text = f"Here it is:\n\n```yaml\n{yaml.safe_dump(RECORD, sort_keys=False)}```\n"
    taken = command("evaluate", "--from", "-", folder=judged, stdin=text)
    assert taken.returncode == 0, taken.stderr
    broken = text.replace("answer: missed", "answer: wrong")
    refused = command("evaluate", "--from", "-", folder=judged, stdin=broken)
    line = broken[: broken.index("answer: wrong")].count("\n") + 1
    assert f"standard input:{line}:5: error[bad-record]: there is no answer" in refused.stderr


def test_every_mistake_is_named_with_its_place_and_nothing_is_recorded(judged: Path, snapshot):
    answers: dict[str, object] = {**CRITERIA}
    answers["grounded"] = {"answer": "missed", "evidence": ["on Oracle"], "reasoning": ""}
    answers["breif"] = answers.pop("brief")
    path = written(judged, {"run": RUN, "judge": "claude", "verdict": "good", "criteria": answers})
    done = command("evaluate", "--from", "record.yaml", folder=judged)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == snapshot
    assert path.exists()
    with Project(str(judged)) as project:
        assert project.ledger.evaluations() == []


@pytest.mark.parametrize(
    ("changes", "arguments", "message"),
    [
        ({"run": None}, [], "nobody says which run was judged"),
        ({"judge": None}, [], "nobody says who judged"),
        ({"judge": "local:j@01234567"}, [], "`local:j@01234567` cannot hand in a record"),
        ({}, ["run-000000002"], f"the record is about run `{RUN}`"),
        ({}, ["--judge", "human"], "the record says `claude` judged, not `human`"),
        ({}, ["--pending"], "a record from a file says everything itself"),
    ],
)
def test_a_record_that_fits_nothing_is_refused(judged: Path, changes, arguments, message):
    record = {key: value for key, value in {**RECORD, **changes}.items() if value is not None}
    done = command("evaluate", *arguments, "--from", str(written(judged, record)), folder=judged)
    assert done.returncode == 2
    assert message in done.stderr


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words\n", "run: [\n", "a: 1\na: 2\n"])
def test_a_text_that_is_no_record_is_refused(judged: Path, text: str):
    done = command("evaluate", "--from", "-", folder=judged, stdin=text)
    assert done.returncode == 2
    assert done.stderr.startswith("standard input:")


# --- the judge against people


def test_a_judge_is_compared_with_the_people_who_judged_the_same_runs(workspace: Path, snapshot):
    with Project(str(workspace)) as project:
        for number in range(12):
            one = run(f"run-{number:09}")
            project.ledger.add_run(one, input_text=None, output_text=None)
            label, given = Verdict(["good", "poor"][number % 2]), Verdict("good")
            for judge, verdict in (("human", label), ("claude", given if number < 4 else label)):
                judged = evaluation(f"{judge}-{number:02}", one, judge=judge, verdict=verdict)
                project.ledger.add_evaluation(judged)
        other = evaluation("x", run("run-000000000"), judge="claude", rubric_revision="sha256:2")
        project.ledger.add_evaluation(replace(other, supersedes="claude-00"))
    done = command("judge", "calibrate", folder=workspace)
    assert done.returncode == 1
    assert done.stdout == snapshot
    document = json.loads(command("judge", "calibrate", "--json", folder=workspace).stdout)
    assert document["agreement"]["confusion"][0] == [4, 0, 2]
    assert document["left_out"] == 1


def test_a_judge_nobody_knows_cannot_be_calibrated(judged: Path):
    done = command("judge", "calibrate", "--judge", "gpt", folder=judged)
    assert done.returncode == 2
    assert "there is no judge `gpt` to calibrate" in done.stderr
