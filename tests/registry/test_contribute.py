"""Global to library over a path: the one way that every run of the tests takes."""

from __future__ import annotations

from pathlib import Path

from conductor.core.forge import Rung
from conductor.core.outward import trailers
from tests.registry.library import BRANCH, carry_out, changed, heads, plan
from tests.repositories import git


def test_a_contribution_is_the_commit_that_was_planned(workspace: Path, library: Path):
    prepared = plan(workspace)
    outward = prepared.plan.outward
    assert outward is not None
    assert heads(library).keys() == {"main"}  # planning tells nobody
    said = carry_out(workspace, prepared)
    assert said.place == f"{BRANCH} at {library}"
    assert heads(library)[BRANCH] == outward.commit
    assert outward.rung is Rung.BRANCH
    tier = Path.home() / ".config/llm-orc"
    paths = changed(library)
    assert set(paths) == set(prepared.contents)
    for path in (one for one in paths if not one.startswith("evidence/")):
        assert git("show", f"{BRANCH}:{path}", cwd=library) == (tier / path).read_text()
    message = git("log", "-1", "--format=%B", BRANCH, cwd=library)
    assert trailers(message)["Conductor-Closure"] == prepared.plan.readiness.text_digest
    assert git("log", "-1", "--format=%an %ae", BRANCH, cwd=library) == "Ada ada@example.org\n"
    assert git("fsck", "--strict", cwd=library) == ""
