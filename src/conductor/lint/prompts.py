"""What an agent is told, and how much of it is an order."""

from __future__ import annotations

import re
from collections.abc import Mapping

from conductor.lint.fields import Path
from conductor.lint.subject import Subject

_ORDER = re.compile(
    r"\b(?:must(?: not)?|never|always|do not|don't|only|exactly|at (?:most|least)"
    r"|no more than|no fewer than"
    r"|return|respond|output|format|use exactly|avoid|limit|without)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_BULLET = re.compile(r"\s*(?:[-*•]|\d+[.)])\s+")


def prompt_of(subject: Subject, index: int, agent: Mapping[str, object]) -> tuple[Path, str]:
    """Give the system prompt that an agent runs with, and where to find it: its own wins."""
    own = agent.get("system_prompt")
    if isinstance(own, str):
        return ("agents", index, "system_prompt"), own
    profile = subject.around.profiles.get(str(agent.get("model_profile")), {})
    inherited = profile.get("system_prompt")
    path: Path = ("agents", index, "model_profile")
    return path, inherited if isinstance(inherited, str) else ""


def directives(prompt: str) -> list[str]:
    """Name the distinct orders of a prompt, one per sentence; a list of topics is one thing."""
    found: dict[str, str] = {}
    for sentence in _SENTENCE.split(prompt):
        if _BULLET.match(sentence):
            continue  # what to look for, not how to answer
        if order := _ORDER.search(sentence):
            found.setdefault(" ".join(sentence.lower().split()), order[0].lower())
    return list(found.values())
