"""The edges of the command: pipes that close, mistakes of our own, and foreign text."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from conductor.app.demo import judge
from conductor.app.project import Project
from conductor.cli import show
from conductor.cli.progress import Live, Tree, progress
from conductor.core.evaluation import DEMO, Verdict
from conductor.core.execution import Progress
from conductor.core.judgement import Judgement, read
from conductor.core.rubric import suiting
from tests.conftest import ROOT


def test_a_reader_who_leaves_is_no_error(workspace: Path):
    lines = "{}\n" * 20_000
    call = f"{sys.executable} -m conductor route --no-log --jsonl - | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", call],
        cwd=workspace, input=lines, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1


def test_a_mistake_of_our_own_says_so_and_is_exit_3(
    capsys: pytest.CaptureFixture[str], monkeypatch
):
    from conductor import __main__
    from conductor.cli import hot

    def broken(argv: list[str]) -> None:
        raise ZeroDivisionError("x")

    monkeypatch.setattr(hot, "arguments", broken)
    assert __main__.main() == 3
    shown = capsys.readouterr().err
    assert "ZeroDivisionError: x" in shown
    assert "This is a mistake in conductor" in shown


def test_control_characters_of_foreign_text_are_shown_and_not_obeyed():
    assert show.safe("a\x1b[2Jb\x9bc\x00\r\n\tü") == "a\\x1b[2Jb\\x9bc\\x00\\x0d\n\tü"


def test_progress_is_a_line_per_agent_where_there_is_no_terminal(capsys):
    live = Live()
    for done, agent in enumerate(["one", "two"], 1):
        live(Progress(agent=agent, ended=False, done=done - 1, total=10, seconds=0.1))
        live(Progress(agent=agent, ended=True, done=done, total=10, seconds=done * 1.25))
    live.end()
    assert capsys.readouterr().err == "  [ 1/10]   1.2 s  one\n  [ 2/10]   2.5 s  two\n"


def test_progress_on_a_terminal_is_one_line_that_names_who_is_at_work(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    live = Live()
    live(Progress(agent="one", ended=False, done=0, total=2, seconds=0.0))
    live(Progress(agent="two", ended=False, done=0, total=2, seconds=0.0))
    live(Progress(agent="one", ended=True, done=1, total=2, seconds=1.0))
    live.end()
    shown = capsys.readouterr().err
    assert "\n" not in shown
    assert [line.split() for line in shown.split("\r") if line.strip()] == [
        ["[0/2]", "0.0", "s", "one"],
        ["[0/2]", "0.0", "s", "one,", "two"],
        ["[1/2]", "1.0", "s", "two"],
    ]
    assert shown.endswith("\r")


SWARM = {
    "agents": [
        {"name": "one"},
        {"name": "two"},
        {"name": "write", "depends_on": ["one", "two"]},
    ]
}


def test_progress_as_a_tree_is_drawn_in_one_place_and_taken_away(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    tree = Tree(SWARM)
    tree(Progress(agent="one", ended=False, done=0, total=3, seconds=0.1))
    tree(Progress(agent="two", ended=False, done=0, total=3, seconds=0.2))
    tree(Progress(agent="one", ended=True, done=1, total=3, seconds=1.0))
    tree(Progress(agent="two", ended=True, done=2, total=3, seconds=2.0))
    tree(Progress(agent="write", ended=False, done=2, total=3, seconds=2.5))
    tree.end()
    drawn = capsys.readouterr().err.split("\x1b[3A\r\x1b[J")
    assert drawn[0] == "    0.1 s  0 of 3 agents\n  ▸ 1 0/2  one\n  · 2  write\n"
    assert drawn[2].splitlines()[1:] == ["  ▸ 1 1/2  two", "  · 2  write"]
    assert drawn[4].splitlines()[1:] == ["  ✓ 1 2/2  2 agents  2.0 s", "  ▸ 2  write"]
    assert drawn[5] == ""


def test_progress_as_events_is_an_object_per_line(capsys):
    shown = progress("jsonl", SWARM)
    shown(Progress(agent="one", ended=False, done=0, total=3, seconds=0.12345))
    shown.end()
    assert json.loads(capsys.readouterr().err) == {
        "format": 1, "event": "agent", "agent": "one", "state": "started", "done": 0, "total": 3,
        "seconds": 0.123,
    }  # fmt: skip
    progress("none", SWARM)(Progress(agent="one", ended=True, done=1, total=3, seconds=1))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("output", "verdict", "mode"),
    [
        ("The export moves to another database because reading is slow", "acceptable", None),
        ("reads reads reads reads reads reads", "poor", "repetition"),
        ("dragons sleep beneath mountains quietly", "poor", "invented-content"),
        ("", "poor", "repetition"),
    ],
)
def test_the_demo_s_judge_counts_and_never_says_good(output, verdict, mode):
    source = "The export moves to another database, because reading from the old one is slow."
    record = judge(source, output)
    assert list(record)[:2] == ["reasoning", "verdict"]
    assert (record["verdict"], record.get("failure_mode")) == (verdict, mode)
    assert record["verdict"] != Verdict.GOOD
    with Project(str(ROOT)) as project:
        rubric = suiting(project.judging.rubrics, "extraction")
    assert rubric is not None
    assert isinstance(read(rubric, record, judge=DEMO), Judgement)
