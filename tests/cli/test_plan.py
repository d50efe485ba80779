"""`route --plan`, and inputs that are patterns or a diff."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import command

MIXED = (
    "Extract all endpoints from each of these files as JSON"
    " and then explain how the API should evolve."
)


@pytest.fixture
def files(workspace: Path) -> Path:
    (workspace / "api").mkdir()
    for name in ("users", "orders", "prices"):
        (workspace / f"api/{name}.md").write_text(
            f"GET /{name} lists them. POST /{name} makes one."
        )
    return workspace


def plan(folder: Path, *arguments: str) -> list[dict[str, object]]:
    done = command("route", "--plan", *arguments, "--json", folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert document.pop("format") == 1
    parts: list[dict[str, object]] = document["parts"]
    return parts


def test_a_mixed_job_sends_its_extraction_part_local_and_keeps_the_rest(files, snapshot):
    done = command("route", "--plan", MIXED, "--input", f"{files}/api/*.md", folder=files)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == snapshot


def test_every_part_is_logged_as_it_was_planned(files):
    parts = plan(files, MIXED, "--input", f"{files}/api/*.md")
    lines = (files / ".conductor/decisions.jsonl").read_text().splitlines()
    logged = [json.loads(line) for line in lines]
    assert [one["outcome"] for one in logged] == ["compose", "claude"]
    assert [part["route"]["decision"] for part in parts] == [one["id"] for one in logged]


def test_a_task_that_keeps_coming_is_worth_an_ensemble_from_the_third_time_on(workspace):
    task = "Extract all names from this text as JSON: Ada met Alan, Grace and Edsger."
    outcomes = [plan(workspace, task)[0]["route"]["outcome"] for _ in range(3)]
    assert outcomes == ["claude", "claude", "compose"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--plan", "x", "--explain"], "`--plan` shows parts, nothing else"),
        (["--plan"], "there is nothing to decide"),
        (["x", "--input", "none/*.md"], "no file is called `none/*.md`"),
        (["--plan", "x", "--fact", "nope=1"], "unknown fact `nope`"),
    ],
)
def test_a_plan_that_cannot_be_made_says_why(workspace, arguments, message):
    done = command("route", *arguments, folder=workspace)
    assert done.returncode == 2
    assert message in done.stderr


def test_a_pattern_stands_for_its_files_and_a_name_for_itself(files):
    (files / "api/a[1].md").write_text("x")
    given = ("--input", f"{files}/api/[u-z]*.md", "--input", f"{files}/api/a[1].md")
    done = command("route", "Summarize these files", *given, "--json", folder=files)
    assert json.loads(done.stdout)["facts"]["documents"]["value"] == 2


def test_a_diff_of_several_files_is_work_across_files(workspace):
    diff = "".join(f"--- a/{one}\n+++ b/{one}\n@@ -1 +1 @@\n-a\n+b\n" for one in "xy")
    done = command("route", f"Say whether this is right:\n\n{diff}", "--json", folder=workspace)
    fact = json.loads(done.stdout)["facts"]["cross_file"]
    assert (fact["value"], fact["signal"]) == (True, "diff-of-several-files")
