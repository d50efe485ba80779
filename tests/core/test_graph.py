from __future__ import annotations

from conductor.core.graph import dangling, duplicates, picture, stages

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
