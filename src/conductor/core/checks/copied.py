"""An answer that is a worked example's, word for word: the model worked on another input."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conductor.core.checks.material import Material
from conductor.core.closure import agents_of
from conductor.core.run import Check

_EXAMPLE = re.compile(
    r"\n\nExample input:\n(.*?)\nExample output:\n(.*?)(?=\n\nExample input:\n|\Z)", re.DOTALL
)
_WORDS = 5  # a label or a name may well be the right answer twice


def check(material: Material) -> Check | None:
    given, answer = material.input.strip(), material.answer.strip()
    others = [output for text, output in _examples(material) if text != given]
    if not others:
        return None
    copied = answer in others
    detail = "the answer is that of a worked example" if copied else ""
    return Check(name="copied", passed=not copied, detail=detail)


def _examples(material: Material) -> Iterator[tuple[str, str]]:
    """Find the worked examples, input and output, of agents that write as they like."""
    for document in (material.ensemble, *material.children.values()):
        for agent in agents_of(document):
            if "response_format" in agent:
                continue
            for text, output in _EXAMPLE.findall(str(agent.get("system_prompt") or "")):
                if len(output.split()) >= _WORDS:
                    yield text.strip(), output.strip()
