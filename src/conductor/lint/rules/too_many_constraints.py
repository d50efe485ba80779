"""One agent gets four instructions at most.

Avoid: five or more of "must", "never", "exactly", "at most", "return", "format" in one prompt.

Prefer: one agent that extracts, and one that formats.

Why: models of a few billion parameters drop the fifth constraint, and not always the same one. The
output then fails a check one time in three, which is worse than failing always.
"""

from __future__ import annotations

from collections.abc import Iterator

from conductor.lint.prompts import directives, prompt_of
from conductor.lint.rule import Hit
from conductor.lint.subject import Subject

CODE = "M306"
LEVELS = "hwE"

_AGENT = """\
agents:
  - name: worker
    model_profile: conductor-small
    max_tokens: 200
    system_prompt: "{}"
"""
GOOD = (_AGENT.format("List at most three risks. Use only what the text says. Never guess."),)
BAD = (
    (
        _AGENT.format(
            "List at most three risks. You must quote each. Never guess. Always give a page."
            " Return JSON. Do not repeat yourself."
        ),
        5,
    ),
)
_MOST = 4


def check(subject: Subject) -> Iterator[Hit]:
    for index, agent in enumerate(subject.agents):
        path, prompt = prompt_of(subject, index, agent)
        found = directives(prompt)
        if len(found) > _MOST:
            listed = ", ".join(f"`{one}`" for one in found)
            yield Hit(
                message=f"`{agent.get('name')}` gets {len(found)} instructions: {listed}",
                path=path,
                matched=prompt,
                hint=f"split it into agents with at most {_MOST} each",
            )
