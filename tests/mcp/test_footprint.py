"""What the plugin costs in context: measured here, stated in the core, shown by the report."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.app.project import Project
from conductor.core import footprint
from conductor.core.tokens import estimate
from conductor.mcp.arguments import schema
from conductor.mcp.brief import compact
from conductor.mcp.session import Session
from conductor.mcp.tools import INSTRUCTIONS, TOOLS
from tests.app.fakes import FakeEngine, FakeServer
from tests.conftest import ROOT
from tests.mcp.talking import call
from tests.promoting import bind

TASK = "Summarise this document in three sentences."


def test_the_cost_of_a_session_is_as_measured():
    assert round(session_tokens(), -1) == footprint.SESSION


def test_the_cost_of_the_skill_is_as_measured():
    skill = (ROOT / "plugin/skills/llm-conductor/SKILL.md").read_text()
    assert round(estimate(skill.split("---\n", 2)[2]), -1) == footprint.SKILL


def test_the_cost_of_a_run_is_as_measured(workspace: Path, monkeypatch: pytest.MonkeyPatch):
    bind(workspace)
    (workspace / "note.md").write_text("The export moves to PostgreSQL in March. Ada leads.\n")
    monkeypatch.setattr(Project, "_engine", lambda _: FakeEngine(output="Fine.").open())
    monkeypatch.setattr(Project, "_embedded", lambda _: FakeServer().open())
    with Session(str(workspace)) as session:
        first = {"task": TASK, "file": "note.md"}
        routed = call(session, "route", first).structuredContent
        second = {
            "ensemble": routed["ensemble"],
            "file": "note.md",
            "decision": routed["decision"],
        }
        ran = call(session, "run", second).structuredContent
    written = sum(estimate(compact(one)) for one in (first, second))
    judging = dict.fromkeys(("criteria", "next"))  # savings are net of it
    kept = {key: value for key, value in ran.items() if key not in judging}
    read = sum(estimate(compact(one)) for one in (routed, {**kept, "output": ""}))
    assert round(written, -1) == footprint.WRITTEN
    assert abs(read - footprint.READ) <= 15  # ids and seconds differ from run to run


def session_tokens() -> int:
    """Count what every session with the plugin has more than one without."""
    plugin = ROOT / "plugin"
    lines = [
        re.findall(r"^description: (.*)$", path.read_text(), re.MULTILINE)[0]
        for path in [*plugin.glob("skills/*/SKILL.md"), *plugin.glob("commands/*.md")]
        if "disable-model-invocation: true" not in path.read_text()
    ]
    prefix = "mcp__plugin_conductor_conductor__"
    names = [f"{prefix}{tool.name}" for tool in TOOLS if not tool.loaded]
    schemas = [
        {"name": f"{prefix}{tool.name}", "description": tool.does,
         "input_schema": schema(tool.parameters)}
        for tool in TOOLS if tool.loaded
    ]  # fmt: skip
    texts = [*lines, INSTRUCTIONS, *names, json.dumps(schemas)]
    return sum(estimate(text) for text in texts)


@given(st.integers(-1_000, 10_000), st.integers(0, 1_000))
def test_a_bigger_saving_pays_earlier(saved: int, more: int):
    some, better = footprint.pays_from(saved), footprint.pays_from(saved + more)
    if some is not None:
        assert better is not None
        assert better <= some


def test_a_run_that_saves_little_never_pays():
    assert footprint.pays_from(footprint.WRITTEN) is None
    assert footprint.pays_from(100_000) == 1
