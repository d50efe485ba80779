from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.core.discovery import (
    Found,
    Obstacle,
    Surroundings,
    matching,
    obstacles,
    rank,
)
from conductor.core.drawing import mermaid, svg
from conductor.core.standing import Standing
from conductor.core.summary import (
    Summary,
    summarise,
    with_children,
)

SUMMARY = Summary(name="notes", tier="local", file="notes.yaml", task="summarization")
NAMES = st.sampled_from(["a", "b", "c"])


def found(name: str, task: str = "", description: str = "", lower: int = -1, **more) -> Found:
    summary = Summary(name=name, tier="local", file=name, task=task, description=description)
    standing = Standing("sha256:x", 9, 90, lower) if lower >= 0 else None
    return Found(summary=summary, standing=standing, **more)


def ranked(candidates: list[Found], *, text: str, lineage: tuple[str, ...]) -> list[Found]:
    known = {one.summary: one for one in candidates}
    matches = matching(known, text=text, lineage=lineage)
    return rank((match, known[match.summary]) for match in matches)


def names(best: list[Found]) -> list[str]:
    return [one.summary.name for one in best]


def test_serving_the_task_comes_before_its_parents_and_before_shared_words():
    candidates = [
        found("words", description="Reviews a decision record."),
        found("parent", task="summarization"),
        found("own", task="summarization.review"),
        found("other", task="extraction"),
    ]
    lineage = ("summarization.review", "summarization")
    best = ranked(candidates, text="review the decision", lineage=lineage)
    assert names(best) == ["own", "parent", "words"]


def test_a_child_type_serves_a_part_of_what_was_asked():
    best = ranked([found("part", task="extraction.dates")], text="", lineage=("extraction",))
    assert best[0].why == "serves `extraction.dates`, a part of `extraction`"


def test_what_can_run_comes_first_then_the_lower_bound():
    broken = (Obstacle("the profile `x` is missing", "add it"),)
    candidates = [
        found("broken", task="t", lower=99, obstacles=broken),
        found("unknown", task="t"),
        found("weak", task="t", lower=20),
        found("strong", task="t", lower=70),
    ]
    best = ranked(candidates, text="", lineage=("t",))
    assert names(best) == ["strong", "weak", "unknown", "broken"]


def test_words_of_one_family_meet_and_common_words_do_not():
    candidates = [found("a", description="Summarises the minutes."), found("b", description="the")]
    best = ranked(candidates, text="the summary of it", lineage=())
    assert names(best) == ["a"]
    assert best[0].why == "speaks of `summary`"


@pytest.mark.parametrize("change", [{"shadowed": True}, {"part_of": "b"}], ids=str)
def test_what_never_runs_by_itself_is_not_proposed(change):
    one = found("a", task="t")
    hidden = replace(one, summary=replace(one.summary, **change))
    assert ranked([one], text="", lineage=("t",)) != []
    assert ranked([hidden], text="", lineage=("t",)) == []


def test_everything_that_is_missing_is_named_through_children_and_fallbacks():
    parent = replace(SUMMARY, profiles=("small",), scripts=("scripts/join.py",), children=("kid",))
    kid = replace(SUMMARY, name="kid", children=("notes", "nobody"))
    around = Surroundings(
        ensembles={"notes": parent, "kid": kid},
        profiles={"small": {"fallback_model_profile": "smaller"}},
    )
    assert [one.what for one in obstacles(parent, around)] == [
        "the profile `smaller` is missing",
        "the script `scripts/join.py` is missing",
        "the ensemble `nobody` is missing",
    ]


def test_a_profile_whose_model_cannot_answer_is_an_obstacle():
    dead = Obstacle("`small` is bound to a dead server", "start it")
    around = Surroundings(profiles={"small": {}}, unbound={"small": dead})
    assert obstacles(replace(SUMMARY, profiles=("small",)), around) == (dead,)


def test_a_provider_that_the_engine_lost_is_an_obstacle():
    one = summarise(
        {"name": "old", "agents": [{"name": "a", "provider": "ollama", "model": "llama3"}]},
        tier="local",
        file="old.yaml",
    )
    assert "the provider `ollama`" in obstacles(one, Surroundings())[0].what


@given(st.dictionaries(NAMES, st.lists(NAMES, max_size=3), max_size=3))
def test_children_in_a_circle_come_to_an_end(children):
    summaries = {
        name: replace(SUMMARY, name=name, children=tuple(below)) for name, below in children.items()
    }
    around = Surroundings(ensembles=summaries)
    for one in summaries.values():
        missing = {found.what for found in obstacles(one, around)}
        assert all(f"`{name}`" not in " ".join(missing) for name in summaries)


HOSTILE = '"]; click a "javascript:alert(1)" <script>&'
ENSEMBLE = {
    "name": HOSTILE,
    "agents": [
        {"name": HOSTILE, "model_profile": "conductor-micro"},
        {"name": "end", "script": "scripts/join.py", "depends_on": [HOSTILE]},
    ],
}


def test_a_picture_is_xml_with_every_agent_and_edge():
    root = ET.fromstring(svg(ENSEMBLE))  # noqa: S314 - our own text
    space = "{http://www.w3.org/2000/svg}"
    texts = [one.text for one in root.iter(f"{space}text")]
    assert texts == [HOSTILE, "conductor-micro", "end", "scripts/join.py"]
    assert len(list(root.iter(f"{space}path"))) == 1
    assert not list(root.iter(f"{space}script"))


def test_no_name_breaks_out_of_a_mermaid_box():
    lines = mermaid(ENSEMBLE).splitlines()
    assert lines[0] == "flowchart LR"
    assert [line.count('"') for line in lines[1:]] == [2, 2, 0]
    assert lines[3] == "  a0 --> a1"


@pytest.mark.parametrize("draw", [svg, mermaid])
def test_an_ensemble_without_agents_can_be_drawn(draw):
    assert draw({"name": "empty", "agents": []})


def test_children_are_added_with_theirs_once_each():
    around = {
        "a": replace(SUMMARY, name="a", children=("b", "gone")),
        "b": replace(SUMMARY, name="b", children=("a", "c")),
        "c": replace(SUMMARY, name="c"),
    }
    parent = replace(SUMMARY, name="p", children=("b",))
    assert sorted(one.name for one in with_children([parent], around)) == ["a", "b", "c", "p"]
