"""The short way of `route` and click's: one meaning. And what people see."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.cli import hot
from conductor.cli.root import conductor as group
from tests.conftest import command

WORDS = st.sampled_from(
    [
        "route", "-C", "x", "--fact", "a=b", "--fact=a=b", "--input", "f", "--input=f", "--jsonl",
        "--jsonl=g", "--explain", "--json", "--no-log", "-", "--", "--help", "--nope", "", "a b",
    ]
)  # fmt: skip


def by_click(argv: list[str]) -> dict[str, object] | None:
    """What click's command hands on to `hot`; None when click refuses or shows help."""
    handed: list[dict[str, object]] = []
    with patch.object(hot, "main", handed.append), redirect_stdout(StringIO()):
        try:
            group.main(list(argv), prog_name="conductor", standalone_mode=False)
        except click.ClickException:
            return None
    return handed[0] if handed else None


@given(st.lists(WORDS, max_size=6))
def test_whatever_the_short_way_understands_click_understands_alike(words):
    argv = ["route", *words]
    mine = hot.arguments(argv)
    if mine is not None:
        assert by_click(argv) == mine


@pytest.mark.parametrize(
    "argv",
    [
        ["route", "text", "--fact", "a=b", "--fact=c=d", "--json"],
        ["-C", "dir", "route", "--jsonl=f"],
        ["route", "--explain", "--", "--json"],
        ["route", "-", "--input", "f", "--no-log"],
    ],
)
def test_the_usual_spellings_take_the_short_way(argv):
    assert hot.arguments(argv) is not None
    assert hot.arguments(argv) == by_click(argv)


@pytest.mark.parametrize(
    "argv", [["route", "--help"], ["route", "--nope"], ["route", "--fact"], ["compile"], [], ["-C"]]
)
def test_everything_else_is_left_to_click(argv):
    assert hot.arguments(argv) is None


def test_a_decision_for_people(workspace: Path, snapshot):
    text = "Extract every endpoint from this document as JSON"
    facts = ("--fact", "fixed_schema=true", "--fact", "document_tokens=900")
    done = command("route", text, *facts, folder=workspace)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == snapshot


def test_an_explanation_for_people(workspace: Path, snapshot):
    text = "Find the root cause of a race that needs three services to interact"
    assert command("route", text, "--explain", folder=workspace).stdout == snapshot


@pytest.mark.parametrize(
    ("text", "facts", "outcomes"),
    [
        (
            "Extract every endpoint from this document as JSON",
            ["--fact", "fixed_schema=true", "--fact", "document_tokens=900"],
            {"local", "compose"},
        ),
        ("Find the root cause of a race that needs three services to interact", [], {"claude"}),
    ],
)
def test_the_issue_s_own_examples(tmp_path: Path, text, facts, outcomes):
    done = command("route", text, *facts, "--json", folder=tmp_path)
    decision = json.loads(done.stdout)
    assert decision["outcome"] in outcomes
    assert decision["rule"]


def test_text_and_lines_come_from_standard_input_too(workspace: Path):
    done = command("route", "-", "--json", folder=workspace, stdin="Summarize this text: a b c")
    assert json.loads(done.stdout)["outcome"] == "local"
    done = command("route", "--jsonl", "-", folder=workspace, stdin='{"id": 1}\n{"id": 2}')
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 2]
    (workspace / "bad.jsonl").write_bytes(b'{"id": 1}\r\n\xff\n\n{"id": 4}')
    done = command("route", "--jsonl", "bad.jsonl", folder=workspace)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["id"] for one in answers] == [1, None, None, 4]
    assert answers[1]["errors"] == ["line 2: not UTF-8 text"]
    done = command("route", "--jsonl", "-", folder=workspace, stdin="")
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "there is nothing to decide"),
        (["x", "--fact", "document_tokens"], "`--fact document_tokens` has no value"),
        (["x", "--fact", "tsk=1"], "unknown fact `tsk`"),
        (["x", "--input", "nowhere"], "nowhere: error: cannot read the file"),
        (["x", "--jsonl", "f"], "`--jsonl` brings its own texts"),
        (["--jsonl", "nowhere"], "nowhere: error: cannot read the file"),
        (["x", "--nope"], "No such option '--nope'"),
    ],
)
def test_a_wrong_call_says_what_is_wrong_and_what_to_do(workspace: Path, arguments, message):
    done = command("route", *arguments, folder=workspace)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_no_text_goes_to_claude_and_the_decision_says_so(workspace: Path):
    (workspace / "bad.txt").write_bytes(b"ok\n\xff\xfe")
    task = ["Summarize this document", "--input", "bad.txt", "--json"]
    decision = json.loads(command("route", *task, folder=workspace).stdout)
    assert (decision["outcome"], decision["reason"]) == ("claude", "an input cannot be read")
    assert decision["errors"] == ["bad.txt:2: the input is not UTF-8 text"]
