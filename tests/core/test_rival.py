"""What one model would be told in place of an ensemble."""

from __future__ import annotations

import pytest

from conductor.core.rival import alone

ORDER = ["conductor-micro", "conductor-small", "conductor-ceiling"]


def agent(name: str, profile: str = "conductor-micro", **more):
    prompt = f"Do {name}."
    return {
        "name": name,
        "model_profile": profile,
        "max_tokens": 50,
        "system_prompt": prompt,
    } | more


def ensemble(*agents):
    return {"name": "x", "description": "Reviews a text.", "agents": list(agents)}


JOIN = {"name": "join", "script": "scripts/join.py", "depends_on": ["a", "b"]}


def test_it_is_told_what_whoever_writes_the_answer_is_told():
    last = agent("write", "conductor-small", depends_on=["join"], max_tokens=300)
    found = alone(ensemble(agent("a"), agent("b"), JOIN, last), {}, ORDER)
    assert found.instruction == "Reviews a text.\n\nDo write."
    assert (found.max_tokens, found.schema) == (300, None)


def test_it_gets_the_strongest_profile_in_use_also_of_children():
    parent = ensemble({"name": "run", "ensemble": "kid"}, agent("end", depends_on=["run"]))
    kid = ensemble(agent("a", "conductor-ceiling"), agent("b", "somebody-s-own"))
    assert alone(parent, {"kid": kid}, ORDER).profile == "conductor-ceiling"


def test_where_a_script_puts_the_answers_together_it_gets_all_orders_and_the_whole_form():
    forms = {name: {"type": "object", "title": name} for name in ("a", "b")}
    agents = [agent(f"extract-{name}", response_format=form) for name, form in forms.items()]
    merge = {**JOIN, "depends_on": ["extract-a", "extract-b"]}
    found = alone(ensemble(*agents, merge), {}, ORDER)
    assert found.instruction == "Reviews a text.\n\nDo extract-a.\n\nDo extract-b."
    assert found.max_tokens == 100
    assert found.schema is not None
    assert (found.schema["properties"], found.schema["required"]) == (forms, ["a", "b"])


def test_a_loop_s_body_is_where_the_answer_is_written():
    parent = ensemble({"name": "draft", "loop": {"body": "x-try"}}, JOIN)
    body = ensemble(agent("write"), {"name": "check", "script": "c.py", "depends_on": ["write"]})
    assert alone(parent, {"x-try": body}, ORDER).instruction == "Reviews a text.\n\nDo write."


@pytest.mark.parametrize(
    ("agents", "why"),
    [([agent("a")], "a single model already"), ([JOIN], "no agent of it has a model profile")],
)
def test_where_there_is_no_such_rival_the_reason_is_told(agents, why):
    with pytest.raises(ValueError, match=why):
        alone(ensemble(*agents), {}, ORDER)
