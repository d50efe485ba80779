"""Every template with any valid parameters, and our schema, against the real engine's verdict."""

from __future__ import annotations

import copy
import json
from functools import cache
from importlib.metadata import files as files_of
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conductor.adapters import files
from conductor.compiler.schema import check_ensemble
from conductor.compiler.text import Parsed
from conductor.core.closure import agents_of
from tests.conftest import ROOT
from tests.templates import SHIPPED, TEMPLATES, parameters, render

pytestmark = pytest.mark.engine

SCHEMA = files.read_text(str(ROOT / "schemas/ensemble.json"))
SCRIPTS = {
    "scripts/" + path.partition("/scripts/")[2]: text
    for path, text in SHIPPED.items()
    if "/scripts/" in path
}
PLAIN = {"name": "x", "description": "d", "agents": [{"name": "a", "script": "echo"}]}
TARGETS = {name: {**PLAIN, "name": name} for name in ("summarize-document", "adr-review")}
SHARED = settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SHARED
@given(data=st.data(), template=st.sampled_from(sorted(TEMPLATES)))
def test_the_engine_accepts_what_every_template_renders(engine, data, template):
    written = {
        name: yaml.safe_load(text)
        for name, text in render(template, data.draw(parameters(template))).items()
    }
    ensemble = written.pop("drawn")
    used = {
        str(agent.get("script"))
        for one in (ensemble, *written.values())
        for agent in agents_of(one)
    }
    scripts = {path: text for path, text in SCRIPTS.items() if path in used}
    targets = TARGETS if template == "router" else {}
    assert engine.why_not_loadable(ensemble, scripts, {**written, **targets}) == ""


def shipped() -> list[Path]:
    """The ensembles in the engine's own wheel: about a hundred that nobody here wrote."""
    found = [Path(str(one.locate())) for one in files_of("llm-orchestra") or ()]
    return [one for one in found if one.suffix == ".yaml" and "ensembles" in one.parts]


@cache
def documents() -> list[dict[str, Any]]:
    read = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in shipped()]
    return [one for one in read if isinstance(one, dict)]


def disagreement(engine, document: dict[str, Any]) -> str:
    """Say how the engine's verdict differs from ours; empty when they agree."""
    names = {str(child) for agent in agents_of(document) for child in _children(agent)}
    children = {name: {**PLAIN, "name": name} for name in names}
    theirs = engine.why_not_loadable(document, {}, children)
    ours = check_ensemble(Parsed(file="x", data=document, spots={}), SCHEMA)
    own = [one for one in ours if one.name != "duplicate-agent"]  # which the engine lets pass
    return "" if bool(theirs) == bool(own) else f"engine: {theirs or 'accepts'}; ours: {own}"


def _children(agent):
    loop = agent.get("loop")
    body = loop.get("body") if isinstance(loop, dict) else None
    return [
        one
        for one in (agent.get("ensemble"), body, agent.get("dispatch"))
        if isinstance(one, str) and "${" not in one
    ]


def test_our_schema_agrees_with_the_engine_on_what_it_ships(engine):
    assert len(documents()) >= 90
    found = {str(one.get("name")): disagreement(engine, one) for one in documents()}
    assert {name: why for name, why in found.items() if why} == {}


VALUES = [0, -1, 1.5, "text", "${x.y}", [], ["a"], {}, {"a": 1}]
KINDS = [one for one in json.loads(SCHEMA)["$defs"].values() if "properties" in one]
AGENT_KEYS = sorted({key for kind in KINDS for key in kind["properties"]})


@st.composite
def mutations(draw: st.DrawFn) -> dict[str, Any]:
    """One of the engine's ensembles after a few edits of its agents.

    Around the agents we are stricter on purpose (names must be files, descriptions texts), and
    inside them about nulls, empty names, `true` where a number is meant, and numbers for `fan_out`.
    """
    document: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(documents())))
    for _ in range(draw(st.integers(1, 2))):
        agents = document.get("agents")
        place = draw(st.sampled_from(agents)) if agents else {}
        key = draw(st.sampled_from([*AGENT_KEYS, "colour", *map(str, place)]))
        if draw(st.booleans()):
            place.pop(key, None)
        elif not isinstance(value := draw(st.sampled_from(VALUES)), int) or key != "fan_out":
            place[key] = copy.deepcopy(value)
    return document


@settings(SHARED, max_examples=300, derandomize=True)  # the same three hundred every time
@given(document=mutations())
def test_our_schema_agrees_with_the_engine_on_mutations(engine, document):
    assert disagreement(engine, document) == ""
