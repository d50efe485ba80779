"""`route --plan`: the parts of a task, each decided, and each decision logged."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from conductor.adapters import files
from conductor.app.route import Router
from conductor.core.parts import split
from conductor.core.planning import EXPECTED, Planned, Planning, place, planning_of
from conductor.errors import UsageError


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
    specs = router.policy.facts if router.policy else {}
    steps = []
    for part in split(text, planning.words):
        one_by_one = part.each and len(inputs) > 1
        items = len(inputs) if one_by_one else part.items
        chosen = _largest(inputs) if one_by_one else inputs
        known = {EXPECTED: items, **facts} if items > 1 and EXPECTED in specs else facts
        decision = router.judged(part.text, known, chosen)
        placed = place(planning, replace(part, items=items), decision)
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
