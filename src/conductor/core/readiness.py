"""Whether an ensemble may go to a tier: the answers of all gates, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from conductor.core.tier import Tier


class Answer(StrEnum):
    """What a gate says, the best first: the worst answer of all gates is the answer as a whole."""

    PASS = "pass"  # noqa: S105 - no password
    WAIVED = "pass-by-waiver"
    CONSENT = "needs-consent"  # nothing is missing but the yes that promoting asks for
    INCONCLUSIVE = "inconclusive"  # it could not be checked: never a pass, never a failure
    WAITING = "waiting"  # using it more will do
    ACT = "act"  # somebody must change something
    BLOCKED = "blocked-by"  # something else must be promoted or mended first

    @property
    def badness(self) -> int:
        return list(Answer).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """One gate: its answer, what it saw, the smallest change that flips it, and the command."""

    gate: str
    answer: Answer
    seen: str
    change: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """All gates of one ensemble in front of one tier."""

    ensemble: str
    tier: Tier
    text_digest: str
    bound_digest: str
    gates: tuple[GateResult, ...]

    @property
    def overall(self) -> Answer:
        return max((one.answer for one in self.gates), key=lambda answer: answer.badness)

    @property
    def stopping(self) -> tuple[GateResult, ...]:
        """The gates that keep it out. To the library, nothing goes that could not be checked."""
        most = Answer.CONSENT if self.tier is Tier.LIBRARY else Answer.INCONCLUSIVE
        return tuple(one for one in self.gates if one.answer.badness > most.badness)

    @property
    def ready(self) -> bool:
        return not self.stopping
