"""An output that was cut off, or written by a model that did not see all of its input.

Tokens tell: an agent that wrote as many as it may was stopped, and a server that counted far fewer
than it was sent has dropped the rest without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conductor.core import graph
from conductor.core.checks.material import Material
from conductor.core.closure import agents_of
from conductor.core.execution import AgentResult, Document
from conductor.core.run import Check
from conductor.core.tokens import estimate

_LEAST_SENT = 400  # tokens; below that the estimate says too little
_SEEN_PERCENT = 60  # estimates are within 16 % nine times in ten
_LONG = 6  # words of a last line that is no heading and no item
_ENDS = re.compile(r"[.!?…:;)\]\"'»”\u2019`*|]\s*\Z")
_MARKED = re.compile(r"(?:[-*•+#>|]|\(?\d{1,3}[.):])\s")  # an item or a heading ends as it likes
_SENTENCE = re.compile(r"\w[.!?…](?:\s|\Z)")


def check(material: Material) -> Check:
    detail = next(_signs(material), "")
    return Check(name="truncated", passed=not detail, detail=detail)


def _signs(material: Material) -> Iterator[str]:
    limits = {str(one.get("name")): one.get("max_tokens") for one in agents_of(material.ensemble)}
    for agent in material.outcome.agents:
        limit = limits.get(agent.name)
        if agent.name in material.last and isinstance(limit, int) and agent.output_tokens >= limit:
            yield f"`{agent.name}` was cut off at its limit of {limit} tokens"
    yield from _unseen(material)
    if material.data is None and _breaks_off(material.answer):
        yield "the output ends in the middle of a sentence"


def _unseen(material: Material) -> Iterator[str]:
    outputs = {agent.name: agent for agent in material.outcome.agents}
    for declared in agents_of(material.ensemble):
        agent = outputs.get(str(declared.get("name")))
        if agent is None or "model_profile" not in declared or not agent.input_tokens:
            continue  # a server that counts nothing tells nothing
        sent = _sent(material, declared, outputs)
        if sent >= _LEAST_SENT and agent.input_tokens * 100 < sent * _SEEN_PERCENT:
            yield (
                f"`{agent.name}` was sent about {sent:,} tokens"
                f" and its server saw {agent.input_tokens:,}"
            )


def _sent(material: Material, declared: Document, outputs: dict[str, AgentResult]) -> int:
    """Estimate the least that an agent was sent; frames that the engine adds are left out."""
    needs = graph.dependencies(material.ensemble)[str(declared.get("name"))]
    if declared.get("fan_out") or declared.get("input_key"):
        return 0  # each instance got a part, and nobody recorded which
    sent = estimate(str(declared.get("system_prompt") or ""))
    if declared.get("input_scope") != "dependencies":
        sent += estimate(material.input)
    return sent + sum(estimate(outputs[name].output) for name in needs if name in outputs)


def _breaks_off(text: str) -> bool:
    """Tell prose that stops where no sentence ends, from lists, headings and code."""
    if text.count("```") % 2:
        return True
    last = text.rsplit("\n", 1)[-1].strip()
    if "```" in text or _ENDS.search(text) or _MARKED.match(last) or len(last.split()) < _LONG:
        return False
    return bool(_SENTENCE.search(text))  # where one sentence ends as they do, all should
