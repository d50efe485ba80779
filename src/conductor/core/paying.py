"""From how many uses a new ensemble pays: what it costs Claude against what each use spares it.

Everything is in tokens of Claude, one that is written counted as several that are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conductor.core.lineage import nearest


@dataclass(frozen=True, slots=True)
class Effort:
    read: int
    written: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    making: Effort  # once: the form filled in, the draft read
    judging: Effort  # each of the first uses, besides their texts
    judged_uses: int  # of the first
    written_weight: int

    def weigh(self, effort: Effort) -> int:
        """Give an effort as tokens that are read."""
        return effort.read + effort.written * self.written_weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Pays:
    """The uses from which an ensemble has spared more than it cost, by who judges its first."""

    use: Effort  # that each spares
    judged_by_claude: int
    judged_by_a_person: int
    judged_uses: int

    @property
    def sentence(self) -> str:
        return (
            f"pays from about {_uses(self.judged_by_claude)} on if Claude judges the first"
            f" {self.judged_uses}, from {_uses(self.judged_by_a_person)} if a person does"
            f" (a use: about {self.use.read:,} tokens read, {self.use.written:,} written)"
        )


def break_even(cost: Cost, use: Effort) -> Pays | None:
    """Work out from how many uses making one pays; None where a use spares nothing.

    Claude still reads what comes out. To judge a use, it reads input and output.
    """
    spared = cost.weigh(use) - use.written
    if spared <= 0:
        return None
    making = cost.weigh(cost.making)
    judging = cost.weigh(cost.judging) + use.read + use.written
    return Pays(
        use=use,
        judged_by_claude=_from(making + cost.judged_uses * judging, spared),
        judged_by_a_person=_from(making, spared),
        judged_uses=cost.judged_uses,
    )


def use_of(task: str, uses: Mapping[str, Effort]) -> Effort | None:
    """Give what a use of a task type spares: its own line, else its nearest ancestor's."""
    return uses.get(nearest(task, uses))


def costs_of(section: Mapping[str, Any], judged_uses: int) -> tuple[Cost, dict[str, Effort]]:
    """Read what the compiler put into the bundle."""
    cost = section["cost"]
    return (
        Cost(
            making=Effort(**cost["making"]),
            judging=Effort(**cost["judging"]),
            judged_uses=judged_uses,
            written_weight=cost["written_weight"],
        ),
        {task: Effort(**one) for task, one in section["uses"].items()},
    )


def _from(cost: int, spared: int) -> int:
    return max(1, -(-cost // spared))


def _uses(count: int) -> str:
    return "the first use" if count == 1 else f"{count} uses"
