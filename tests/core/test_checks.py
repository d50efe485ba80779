from __future__ import annotations

import pytest

from conductor.core.checks import check_output, passed
from conductor.core.execution import AgentResult, AgentStatus, Outcome

ENSEMBLE = {
    "agents": [
        {"name": "find", "max_tokens": 10},
        {"name": "write", "max_tokens": 20, "depends_on": ["find"]},
    ]
}


def outcome(output: str, *, find: int = 1, write: int = 1) -> Outcome:
    agents = tuple(
        AgentResult(name=name, status=AgentStatus.SUCCEEDED, output_tokens=tokens)
        for name, tokens in (("find", find), ("write", write))
    )
    return Outcome(output=output, agents=agents, seconds=1.0)


def failed(output: str, *, wants_json: bool = False, **tokens: int) -> list[str]:
    checks = check_output(outcome(output, **tokens), ENSEMBLE, wants_json=wants_json)
    return [f"{check.name}: {check.detail}" for check in checks if not check.passed]


def test_a_plain_answer_passes_every_check():
    checks = check_output(outcome("fine"), ENSEMBLE, wants_json=False)
    assert passed(checks)
    assert [check.name for check in checks] == ["empty", "truncated"]


@pytest.mark.parametrize("output", ["", " \n\t"])
def test_nothing_is_empty(output):
    assert failed(output) == ["empty: nothing came out"]


@pytest.mark.parametrize(
    "output", ["<think>hm</think>\n", "<think>no end", "<THINKING>x</THINKING>"]
)
def test_thinking_without_an_answer_is_empty(output):
    assert failed(output) == ["empty: only thinking came out, no answer"]


def test_thinking_before_an_answer_is_not_empty():
    assert failed("<think>hm</think>yes") == []


def test_the_last_agent_at_its_limit_was_cut_off():
    assert failed("text", write=19) == []
    assert failed("text", write=20) == ["truncated: `write` was cut off at its limit of 20 tokens"]


def test_an_agent_that_others_read_may_use_its_whole_limit():
    assert failed("text", find=10) == []


@pytest.mark.parametrize("output", ['{"a": 1}', " [] \n", '```json\n{"a": 1}\n```', "```\n1\n```"])
def test_json_is_json_with_or_without_a_fence(output):
    assert failed(output, wants_json=True) == []


@pytest.mark.parametrize("output", ["{", "Here it is: {}", "{'a': 1}", "[" * 100_000])
def test_what_is_no_json_is_found_when_json_is_wanted(output):
    (problem,) = failed(output, wants_json=True)
    assert problem.startswith("invalid-json: not JSON: ")
    assert failed(output) == []
