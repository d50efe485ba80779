"""The tokens of loops, which the engine loses: estimated from what it tells of the last iteration.

It counts nothing that a loop's body does, and gives no more than how often it ran and what came out
last. So every iteration is taken to have read the prompts and the input, all but the first what the
last would hand on besides, and to have written as much as the last.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from conductor.core.closure import agents_of
from conductor.core.execution import AgentResult, Document, Invocation, Outcome, output_limit
from conductor.core.tokens import estimate

_DRAFT, _CARRIED = "draft", "next"  # where `draft-check` puts what was written, and hands on


def with_loops(outcome: Outcome, invocation: Invocation) -> Outcome:
    """Give each loop that was not counted its estimated tokens, marked as such."""
    agents = {str(one.get("name")): one for one in agents_of(invocation.ensemble)}
    return replace(
        outcome,
        agents=tuple(_counted(one, agents.get(one.name, {}), invocation) for one in outcome.agents),
    )


def _counted(result: AgentResult, agent: Document, invocation: Invocation) -> AgentResult:
    loop, told = agent.get("loop"), _told(result.output)
    body = invocation.children.get(str(loop.get("body"))) if isinstance(loop, Mapping) else None
    times = told.get("iterations")
    if body is None or not isinstance(times, int) or result.input_tokens or result.output_tokens:
        return result
    writers = [one for one in agents_of(body) if one.get("model_profile")]
    if not writers:
        return result
    read = sum(estimate(str(one.get("system_prompt") or "")) for one in writers)
    read += len(writers) * estimate(invocation.input)
    written = estimate(_text(told.get("output")))
    if most := sum(output_limit(one) for one in writers):
        written = min(written, most)
    return replace(
        result,
        input_tokens=times * read + max(0, times - 1) * _handed_on(told, invocation.input, written),
        output_tokens=times * written,
        estimated=True,
    )


def _handed_on(told: Mapping[str, object], given: str, written: int) -> int:
    """Give the tokens that an iteration adds to the input of the one after it."""
    output = told.get("output")
    carried = output.get(_CARRIED) if isinstance(output, Mapping) else None
    return estimate(carried) - estimate(given) if isinstance(carried, str) else written


def _text(output: object) -> str:
    """Find what the last iteration wrote; a draft stands beside words about it."""
    if isinstance(output, Mapping) and isinstance(draft := output.get(_DRAFT), str):
        return draft
    return output if isinstance(output, str) else json.dumps(output, ensure_ascii=False)


def _told(text: str) -> Mapping[str, object]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
