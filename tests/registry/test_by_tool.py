"""Global to library through the server: the same plan, and a person before the form."""

from __future__ import annotations

from pathlib import Path

import pytest

from conductor.app.project import Project
from conductor.mcp.session import Session
from tests.mcp.talking import call, person, said
from tests.promoting import NAME
from tests.registry.library import BRANCH, changed, heads

pytestmark = pytest.mark.registry


@pytest.fixture
def session(workspace: Path, library: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Project, "_isolate", lambda *_: "")
    with Session(str(workspace)) as made:
        yield made


def planned(session: Session) -> dict[str, str]:
    answer = call(session, "promotion_plan", {"ensemble": NAME, "to": "library"})
    assert answer.structuredContent["next"] == "promote_apply asks the person", said(answer)
    return {"digest": answer.structuredContent["digest"]}


def test_a_person_s_yes_proposes_the_commit_that_was_planned(session: Session, library: Path):
    plan = planned(session)
    assert heads(library).keys() == {"main"}
    answer = call(session, "promote_apply", plan, answers=person())
    place = f"{BRANCH} at {library}"
    assert answer.structuredContent == {"format": 1, "promoted": True, "place": place, **plan}
    assert f"ensembles/{NAME}.yaml" in changed(library)


def test_without_a_yes_nothing_leaves_the_machine(session: Session, library: Path):
    answer = call(session, "promote_apply", planned(session), answers=person("keep"))
    assert answer.structuredContent["promoted"] is False
    assert heads(library).keys() == {"main"}
    assert call(session, "promote_apply", planned(session)).isError
    assert heads(library).keys() == {"main"}
