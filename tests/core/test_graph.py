from __future__ import annotations

from conductor.core.graph import MANY, breadth, dangling, duplicates, picture, stages

SWARM = {
    "agents": [
        {"name": "one", "model_profile": "conductor-micro"},
        {"name": "two", "model_profile": "conductor-micro"},
        {"name": "join", "script": "scripts/join.py", "depends_on": ["one", {"agent_name": "two"}]},
        {"name": "end", "model_profile": "conductor-medium", "depends_on": ["join"]},
    ]
}


def test_agents_that_can_run_at_once_share_a_stage():
    layers, caught = stages(SWARM)
    assert [stage.agents for stage in layers] == [("one", "two"), ("join",), ("end",)]
    assert caught == ()


def test_agents_that_wait_for_each_other_are_caught():
    cycle = {
        "agents": [
            {"name": "a", "depends_on": ["b"]},
            {"name": "b", "depends_on": ["a"]},
            {"name": "c"},
        ]
    }
    assert stages(cycle)[1] == ("a", "b")


def test_what_nobody_declared_and_what_is_declared_twice_is_found():
    broken = {"agents": [{"name": "a"}, {"name": "a", "depends_on": ["x"]}]}
    assert duplicates(broken) == ["a"]
    assert dangling(broken) == [("a", "x")]


def test_the_picture_shows_stages_and_what_they_run_on(snapshot):
    assert picture(SWARM) == snapshot


# --- breadth

WIDE = {
    "agents": [
        {"name": "a", "model_profile": "p"},
        {"name": "b", "model_profile": "p"},
        {"name": "join", "script": "join.py", "depends_on": ["a", "b"]},
        {"name": "c", "model_profile": "p", "depends_on": ["join", "a"]},
        {"name": "end", "model_profile": "p", "depends_on": ["c"]},
    ]
}


def test_breadth_counts_whose_words_reach_an_agent_through_scripts_too():
    assert breadth(WIDE) == {"a": 0, "b": 0, "join": 2, "c": 2, "end": 1}


def test_an_agent_for_each_part_counts_as_many():
    split = {"name": "split", "script": "s.py"}
    each = {"name": "map", "ensemble": "part", "fan_out": True, "depends_on": ["split"]}
    collect = {"name": "collect", "script": "c.py", "depends_on": ["map"]}
    end = {"name": "end", "model_profile": "p", "depends_on": ["collect"]}
    assert breadth({"agents": [split, each, collect, end]})["end"] == MANY


def test_agents_that_wait_for_each_other_are_counted_without_an_end():
    one = {"name": "one", "script": "x.py", "depends_on": ["two"]}
    two = {"name": "two", "script": "x.py", "depends_on": ["one", "gone"]}
    assert breadth({"agents": [one, two]}) == {"one": 0, "two": 0}
