"""Evaluations of an older form no longer count, and the report says which part changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from conductor.app.closures import recall
from conductor.app.evaluate import evaluate
from conductor.app.project import Project
from conductor.app.report import report
from conductor.app.run import execute, plan
from conductor.formats.report import text as screen
from conductor.formats.report.document import document
from tests.app.fakes import FakeEngine, FakeServer

FINE = {"reasoning": "it says what the text says", "verdict": "good"}


@pytest.fixture
def project(workspace: Path):
    engine, server = FakeEngine(), FakeServer()
    with Project(str(workspace), open_runner=engine.open, open_server=server.open) as opened:
        yield opened


def run(project: Project):
    """Run the ensemble as it is now; a workspace is opened anew for what has changed."""
    done = execute(project, plan(project, "summarize-document", "the text"), lambda _: None)
    return done.run


def test_the_report_says_which_part_of_the_closure_made_evidence_lapse(project):
    evaluate(project, run(project), FINE)
    evaluate(project, run(project), FINE)
    assert "no longer" not in screen(report(project))

    spec = Path(project.path("registry/specs/summarize-document.toml"))
    spec.write_text(spec.read_text().replace("at most five sentences", "at most two sentences"))
    run(project)

    found = report(project)
    assert "2 earlier evaluations no longer count: ensemble summarize-document changed" in screen(
        found
    )
    (entry,) = document(found)["ensembles"]
    assert entry["superseded"] == [
        {
            "evaluations": 2,
            "changes": [{"kind": "ensemble", "name": "summarize-document", "change": "changed"}],
        }
    ]


def test_a_form_that_nobody_remembers_still_no_longer_counts(project):
    first = run(project)
    evaluate(project, first, FINE)
    hexadecimal = first.bound_digest.removeprefix("sha256:")
    Path(project.path(f".conductor/closures/{hexadecimal}.json")).unlink()
    spec = Path(project.path("registry/specs/summarize-document.toml"))
    spec.write_text(spec.read_text().replace("at most five sentences", "at most two sentences"))
    run(project)
    assert "1 earlier evaluation no longer counts" in screen(report(project))


def test_what_a_closure_held_is_remembered_under_its_digest(project):
    held = recall(project.root, run(project).bound_digest)
    assert {str(one.kind) for one in held} == {"ensemble", "profile", "model"}
    assert recall(project.root, "sha256:unknown") == ()
