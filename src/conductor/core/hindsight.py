"""What a policy would have done with tasks that Claude has already had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conductor.core.scoring import LOCALLY


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One prompt of a person, and what Claude did about it until the next one."""

    at: str  # file:line
    text: str
    tokens: int  # that Claude wrote, thinking and sub-agents included
    tools: int  # calls: with none, the answer was words only


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """INVARIANT: `lacks` is empty unless something serves the task type and a rule kept it."""

    exchange: Exchange
    task: str
    outcome: str
    lacks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeShare:
    """One task type; `low` and `high` bound the tokens of the local ones that Claude wrote."""

    task: str
    prompts: int
    local: int
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindsight:
    """`local` and `missed` begin with those for which Claude wrote most."""

    prompts: int
    tokens: int
    types: tuple[TypeShare, ...]
    local: tuple[Judged, ...]
    missed: tuple[Judged, ...]

    @property
    def saved(self) -> tuple[int, int]:
        """Bound what would have been saved, in tokens that Claude wrote.

        At least what it wrote without calling a tool, where words were all that was wanted; at
        most everything. What checking and judging would have cost is not taken off.
        """
        return sum(one.low for one in self.types), sum(one.high for one in self.types)


def look_back(judged: Sequence[Judged]) -> Hindsight:
    """Add up."""
    tasks = sorted({one.task for one in judged})
    heaviest = sorted(judged, key=lambda one: -one.exchange.tokens)
    return Hindsight(
        prompts=len(judged),
        tokens=sum(one.exchange.tokens for one in judged),
        types=tuple(_type(task, [one for one in judged if one.task == task]) for task in tasks),
        local=tuple(one for one in heaviest if one.outcome in LOCALLY),
        missed=tuple(one for one in heaviest if one.lacks and not one.exchange.tools),
    )


def _type(task: str, judged: Sequence[Judged]) -> TypeShare:
    local = [one.exchange for one in judged if one.outcome in LOCALLY]
    return TypeShare(
        task=task,
        prompts=len(judged),
        local=len(local),
        low=sum(one.tokens for one in local if not one.tools),
        high=sum(one.tokens for one in local),
    )
