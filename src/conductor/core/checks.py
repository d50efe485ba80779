"""Checks of an output before anyone reads it: no model, no tokens, no judgement of quality."""

from __future__ import annotations

import json
import re

from conductor.core import graph
from conductor.core.closure import agents_of
from conductor.core.execution import Document, Outcome
from conductor.core.run import Check

_THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"\A```[a-z]*\n(.*)\n```\Z", re.DOTALL)


def check_output(outcome: Outcome, ensemble: Document, *, wants_json: bool) -> tuple[Check, ...]:
    """Run every check that applies, in a fixed order."""
    checks = [_empty(outcome.output), _truncated(outcome, ensemble)]
    if wants_json:
        checks.append(_json(outcome.output))
    return tuple(checks)


def passed(checks: tuple[Check, ...]) -> bool:
    return all(check.passed for check in checks)


def _empty(output: str) -> Check:
    if not output.strip():
        return Check(name="empty", passed=False, detail="nothing came out")
    if not _THINKING.sub("", output).strip():
        return Check(name="empty", passed=False, detail="only thinking came out, no answer")
    return Check(name="empty", passed=True)


def _truncated(outcome: Outcome, ensemble: Document) -> Check:
    """Find the last agents that wrote as many tokens as they may: they were cut off."""
    limits = {str(agent.get("name")): agent.get("max_tokens") for agent in agents_of(ensemble)}
    needed = {name for names in graph.dependencies(ensemble).values() for name in names}
    for agent in outcome.agents:
        limit = limits.get(agent.name)
        if agent.name in needed or not isinstance(limit, int):
            continue
        if agent.output_tokens >= limit:
            detail = f"`{agent.name}` was cut off at its limit of {limit} tokens"
            return Check(name="truncated", passed=False, detail=detail)
    return Check(name="truncated", passed=True)


def _json(output: str) -> Check:
    text = output.strip()
    fenced = _FENCE.match(text)
    try:
        json.loads(fenced[1] if fenced else text)
    except (ValueError, RecursionError) as error:
        detail = f"not JSON: {str(error).lower()}"
        return Check(name="invalid-json", passed=False, detail=detail)
    return Check(name="invalid-json", passed=True)
