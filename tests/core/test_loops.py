"""Tokens that the engine loses."""

from __future__ import annotations

import json

import pytest

from conductor.core.execution import AgentResult, AgentStatus, Document, Invocation, Outcome
from conductor.core.loops import with_loops
from conductor.core.tokens import estimate

PROMPT, INPUT, DRAFT = "Write one line about the change.", "Dates are read.", "- Dates are read."
WRITER: Document = {
    "name": "write",
    "model_profile": "p",
    "system_prompt": PROMPT,
    "max_tokens": 50,
}
BODY: Document = {"agents": [WRITER, {"name": "check", "script": "scripts/check_draft.py"}]}
LOOP: Document = {"name": "draft", "loop": {"body": "n-try", "max_iterations": 3}}


def told(iterations: object, output: object) -> str:
    return json.dumps({"output": output, "iterations": iterations, "terminated": "until"})


def counted(output: str, *, body: Document = BODY, tokens: int = 0) -> AgentResult:
    result = AgentResult(
        name="draft", status=AgentStatus.SUCCEEDED, output=output, output_tokens=tokens
    )
    outcome = Outcome(output="", agents=(result,), seconds=1.0)
    ensemble: Document = {"agents": [LOOP]}
    asked = Invocation(ensemble=ensemble, input=INPUT, children={"n-try": body})
    return with_loops(outcome, asked).agents[0]


def test_every_iteration_reads_the_prompt_and_all_but_the_first_a_draft():
    read, written = estimate(PROMPT) + estimate(INPUT), estimate(DRAFT)
    once = counted(told(1, {"passed": True, "draft": DRAFT, "next": "far longer " * 99}))
    assert (once.input_tokens, once.output_tokens, once.estimated) == (read, written, True)
    thrice = counted(told(3, {"passed": True, "draft": DRAFT}))
    assert thrice.input_tokens == 3 * read + 2 * written
    assert thrice.output_tokens == 3 * written
    again = counted(told(2, {"draft": DRAFT, "next": f"{INPUT}\n{DRAFT}\nbegin with a dash"}))
    assert again.input_tokens > 2 * read + written


def test_nothing_is_taken_for_longer_than_it_may_be():
    assert counted(told(1, {"value": "word " * 500})).output_tokens == 50


@pytest.mark.parametrize("output", ["", "a text", "[1]", told("many", DRAFT), "{"])
def test_what_tells_no_iterations_stays_uncounted(output):
    found = counted(output)
    assert (found.input_tokens, found.output_tokens, found.estimated) == (0, 0, False)


def test_what_was_counted_is_left_alone():
    found = counted(told(2, DRAFT), tokens=7)
    assert (found.output_tokens, found.estimated) == (7, False)


def test_a_loop_of_scripts_has_no_tokens():
    found = counted(told(2, DRAFT), body={"agents": [{"name": "s", "script": "scripts/x.py"}]})
    assert (found.input_tokens, found.estimated) == (0, False)
