"""Every agent has a name of its own.

Avoid: two agents called `review`.

Prefer: `review-style` and `review-tests`.

Why: the engine accepts both and keeps the last. The other never runs, and whatever depends on the
name gets the wrong answer without an error.
"""

from __future__ import annotations

from collections.abc import Iterator

from conductor.lint.rule import Hit
from conductor.lint.subject import Subject

CODE = "F006"
LEVELS = "EEE"
WAIVABLE = False

_TWO = """\
agents:
  - {{name: first, model_profile: conductor-small, max_tokens: 90, system_prompt: "List facts."}}
  - {{name: {}, script: scripts/example.py, depends_on: [first]}}
"""
GOOD = (_TWO.format("second"),)
BAD = (
    (
        """\
agents:
  - {name: one, model_profile: conductor-small, max_tokens: 90, system_prompt: "List facts."}
  - {name: one, model_profile: conductor-small, max_tokens: 90, system_prompt: "List risks."}
""",
        3,
    ),
)


def check(subject: Subject) -> Iterator[Hit]:
    seen: set[str] = set()
    agents = subject.data.get("agents")
    for index, agent in enumerate(agents if isinstance(agents, list) else []):
        if not isinstance(agent, dict):
            continue  # rule `unknown-key`
        name = str(agent.get("name"))
        if name in seen:
            yield Hit(
                message=f"there is another agent called `{name}`",
                path=("agents", index, "name"),
                matched=name,
                hint="rename one of the two",
            )
        seen.add(name)
