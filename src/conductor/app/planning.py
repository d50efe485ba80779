"""`route --plan`: the parts of a task, each decided, and each decision logged."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from conductor.adapters import files
from conductor.app.route import DECISIONS, Router
from conductor.core.parts import split
from conductor.core.planning import Planned, Planning, place, planning_of
from conductor.core.policy import TASK
from conductor.errors import UsageError

_REMEMBERED = 10_000  # logged decisions that are looked at, the last ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    planned: Planned
    logged: str  # the id in the log, empty when nothing is logged


def plan(
    router: Router, text: str, facts: Mapping[str, object], inputs: Sequence[str]
) -> tuple[Step, ...]:
    """Take the task apart and decide its parts, in order; `facts` hold for each of them.

    Raises UsageError when there is no policy to plan with, or a fact is not declared so.
    """
    planning = _planning(router)
    seen = _logged_before(router.root)
    steps = []
    for part in split(text, planning.words):
        one_by_one = part.each and len(inputs) > 1
        items = len(inputs) if one_by_one else part.items
        chosen = _largest(inputs) if one_by_one else inputs
        decision = router.judged(part.text, facts, chosen)
        before = seen[str(decision.facts[TASK].value), decision.rule]
        placed = place(planning, replace(part, items=items), decision, before)
        steps.append(Step(planned=placed, logged=router.record(placed.decision)))
    return tuple(steps)


def _planning(router: Router) -> Planning:
    text = files.read_if_there(f"{router.root}/{files.BUNDLE}")
    section = json.loads(text).get("planning") if text and router.policy else None
    if section is None:
        raise UsageError("there is no policy to plan with", hint="run `conductor compile`")
    return planning_of(section)


def _largest(inputs: Sequence[str]) -> list[str]:
    """Give the input that is hardest for a small model: what holds for it holds for each."""
    return [max(inputs, key=lambda path: len(files.read_text(path)))]


def _logged_before(root: str) -> Counter[tuple[str, str]]:
    """Count the last logged decisions by task type and rule."""
    path = f"{root}/{DECISIONS}"
    if files.read_if_there(path) is None:
        return Counter()
    kinds = (_kind(line) for line in deque(files.read_lines(path), maxlen=_REMEMBERED))
    return Counter(kind for kind in kinds if kind)


def _kind(line: bytes) -> tuple[str, str] | None:
    try:
        document = json.loads(line)
        return str(document["facts"][TASK]["value"]), str(document["rule"] or "")
    except (ValueError, KeyError, TypeError):
        return None  # a crash cut it short, or the fact is masked
