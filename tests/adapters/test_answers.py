"""The engine's answers, in the shapes in which it gives them."""

from __future__ import annotations

import json

import pytest

from conductor.adapters.llm_orc.answers import read_answer, refusal
from conductor.core.execution import AgentStatus
from conductor.errors import OutsideError


def usage(read: int, written: int) -> dict[str, object]:
    return {
        "input_tokens": read,
        "output_tokens": written,
        "duration_ms": 1500,
        "model": "tiny",
        "model_profile": "conductor-small",
    }


def answer(results: dict[str, object], agents: dict[str, object], **more: object):
    metadata = {"usage": {"agents": agents}, "duration": "2.53s"}
    return {"results": results, "metadata": metadata, "deliverable": "done", **more}


OK = {"response": "text", "status": "success"}


def test_a_good_answer():
    outcome = read_answer(answer({"a": OK}, {"a": usage(10, 5)}))
    (agent,) = outcome.agents
    assert (outcome.output, outcome.seconds, outcome.error) == ("done", 2.53, "")
    assert (agent.status, agent.output, agent.seconds) == (AgentStatus.SUCCEEDED, "text", 1.5)
    assert (agent.model, agent.profile) == ("tiny", "conductor-small")
    assert (outcome.input_tokens, outcome.output_tokens) == (10, 5)


def test_a_fan_out_is_counted_once():
    results = {"each[0]": OK, "each[1]": OK, "each": {"response": ["x", "y"], "status": "success"}}
    agents = {"each[0]": usage(1, 2), "each[1]": usage(3, 4), "each": usage(4, 6)}
    outcome = read_answer(answer(results, agents))
    assert (outcome.input_tokens, outcome.output_tokens) == (4, 6)


def test_the_tokens_of_child_ensembles_are_counted_at_every_depth():
    inner = answer({"b": OK}, {"b": usage(1, 2)})
    middle = answer(
        {"m": {"response": json.dumps(inner), "status": "success"}}, {"x": usage(10, 20)}
    )
    outcome = read_answer(answer({"a": {"response": json.dumps(middle), "status": "success"}}, {}))
    assert (outcome.input_tokens, outcome.output_tokens) == (11, 22)


@pytest.mark.parametrize("response", ["{", '{"a": 1}', "[1]", None, ["x"], '{"metadata": 3}'])
def test_a_response_that_only_looks_like_a_record_counts_nothing(response):
    outcome = read_answer(answer({"a": {"response": response, "status": "success"}}, {}))
    assert outcome.output_tokens == 0


def test_the_first_agent_that_failed_is_the_cause_and_the_skipped_are_none():
    results = {
        "a": OK,
        "b": {"status": "skipped", "reason": "no dependency succeeded"},
        "c": {"status": "failed", "error": "Agent execution timed out after 2 seconds"},
    }
    outcome = read_answer(answer(results, {"a": usage(1, 1)}))
    assert outcome.error == "`c` failed: Agent execution timed out after 2 seconds"
    assert [agent.status for agent in outcome.agents] == ["succeeded", "skipped", "failed"]


def test_an_answer_without_a_deliverable_has_no_output():
    assert read_answer(answer({"a": OK}, {}, deliverable=None)).output == ""


def test_a_refusal_names_what_is_not_ready_and_what_to_do():
    need = {
        "kind": "profile",
        "name": "conductor-small",
        "via": ["summarize.worker"],
        "status": "provider_unavailable",
        "resolve": "start_provider",
        "detail": "http://127.0.0.1:1/v1 unreachable",
    }
    ready = {"kind": "script", "name": "x", "status": "ready"}
    refused = {"error": {"kind": "not_equipped", "message": "m", "dependencies": [ready, need]}}
    with pytest.raises(OutsideError) as caught:
        read_answer(refused)
    assert caught.value.message == (
        "profile `conductor-small` (for summarize.worker) is not ready:"
        " http://127.0.0.1:1/v1 unreachable"
    )
    assert caught.value.hint == "start the model server, or bind the profile elsewhere"


def test_a_provider_that_the_engine_dropped_is_a_matter_for_lint():
    need = {"kind": "model", "name": "llama3:8b", "resolve": "start_provider"}
    dropped = {**need, "status": "provider_unavailable", "detail": "unknown provider 'ollama'"}
    with pytest.raises(OutsideError) as caught:
        read_answer({"error": {"message": "m", "dependencies": [dropped]}})
    assert "`conductor lint --fix` rewrites old ones" in caught.value.hint


@pytest.mark.parametrize(
    ("answered", "message"),
    [
        (
            {"error": {"kind": "invalid_request", "message": "no such bind"}},
            "refused: no such bind",
        ),
        ({"error": "it broke", "results": {}}, "the engine failed: it broke"),
        ({"results": {}}, "the engine failed: it gave no result"),
    ],
)
def test_when_nothing_ran_as_a_whole_it_is_an_outside_failure(answered, message):
    with pytest.raises(OutsideError, match=message):
        read_answer(answered)


def test_the_reason_for_running_nothing():
    assert refusal({"error": {"message": "because"}}) == "because"
    assert refusal({"error": "because"}) == "because"
    assert refusal({"results": {}}) is None
