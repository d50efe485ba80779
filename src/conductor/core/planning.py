"""Where the parts of a task go: one small agent, an ensemble, a script, or Claude alone.

The rules decide each part. Beyond them a plan only knows what a single decision cannot: whether a
part comes often enough for a new ensemble, and whether Claude may be handed a brief.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conductor.core.condition import Condition, from_json, holds
from conductor.core.facts import DEFAULT
from conductor.core.parts import Part, Words
from conductor.core.policy import CLAUDE, COMPOSE, LOCAL, PREPARE, SIZE, TASK, Decision

EXPECTED = "expected_uses"
AGENT, ENSEMBLE, SCRIPT, CLAUDE_ONLY = "agent", "ensemble", "script", "claude"  # who could do it


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """The decomposability test, as the policy says it."""

    words: Words
    scripts: tuple[str, ...]  # work that needs no model
    prepare: frozenset[str]  # task types for which Claude may be handed a brief
    prepare_tokens: int  # of the documents, from which a brief pays
    brief_tokens: int  # that a brief takes
    brief: str  # the template that makes it
    floors: tuple[tuple[Condition, tuple[str, ...]], ...]  # where; the outcomes allowed there


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """INVARIANT: `saved_tokens` is 0 unless the outcome is `prepare`."""

    part: Part
    decision: Decision  # with the outcome that the plan gives it
    category: str  # AGENT, ENSEMBLE, SCRIPT or CLAUDE_ONLY
    expected: int  # repetitions: items, or decisions of the same kind that were logged
    saved_tokens: int = 0  # that Claude reads less, at most


def place(planning: Planning, part: Part, decision: Decision) -> Planned:
    """Say where a part goes."""
    saved = 0
    if decision.outcome == COMPOSE and not decision.proposed:
        decision.outcome, decision.template, decision.proposed = CLAUDE, "", None
    elif decision.outcome == CLAUDE and (saved := _saving(planning, decision)):
        decision.outcome, decision.template = PREPARE, planning.brief
        decision.reason = (
            f"{decision.reason}; small models gather and condense, Claude judges the brief"
        )
    return Planned(
        part=part,
        decision=decision,
        category=_category(planning, part, decision),
        expected=_expected(decision, part),
        saved_tokens=saved,
    )


def _saving(planning: Planning, decision: Decision) -> int:
    """Give the tokens that a brief spares Claude; 0 where it may not be handed one."""
    facts = decision.facts
    task, size = facts.get(TASK), facts.get(SIZE)
    if task is None or size is None or size.source == DEFAULT:
        return 0
    values = {name: fact.value for name, fact in facts.items()}
    if any(PREPARE not in allows and holds(when, values) for when, allows in planning.floors):
        return 0
    if _root(str(task.value)) not in planning.prepare or int(size.value) < planning.prepare_tokens:
        return 0
    return max(0, int(size.value) - planning.brief_tokens)


def _category(planning: Planning, part: Part, decision: Decision) -> str:
    low = part.order.lower()
    if decision.outcome == CLAUDE and any(one in low for one in planning.scripts):
        return SCRIPT
    if decision.outcome == PREPARE:
        return ENSEMBLE
    if decision.outcome in (LOCAL, COMPOSE):
        return ENSEMBLE if part.each and part.items > 1 else AGENT
    return CLAUDE_ONLY


def _expected(decision: Decision, part: Part) -> int:
    fact = decision.facts.get(EXPECTED)
    return max(part.items, int(fact.value) if fact else 1)


def _root(task: str) -> str:
    return task.partition(".")[0]


def planning_of(section: Mapping[str, Any]) -> Planning:
    """Read what the compiler put into the bundle."""
    words = Words(
        verbs=frozenset(section["verbs"]),
        joints=tuple(section["joints"]),
        each=tuple(section["each"]),
    )
    return Planning(
        words=words,
        scripts=tuple(section["scripts"]),
        prepare=frozenset(section["prepare"]),
        prepare_tokens=section["prepare_tokens"],
        brief_tokens=section["brief_tokens"],
        brief=section["brief"],
        floors=tuple((from_json(when), tuple(allows)) for when, allows in section["floors"]),
    )
