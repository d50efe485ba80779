"""Whether a local judge judges alone: agreement with people, a person's word, and canaries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from conductor.core.agreement import Handover
from conductor.core.entries import CanaryVerdict, Transition
from conductor.core.evaluation import LOCAL
from conductor.core.evidence import wilson
from conductor.core.rubric import Verdict

_NEWEST = 10  # canaries that count: a judge that was good once may have changed


class JudgeState(StrEnum):
    """What the verdicts of a local judge are worth."""

    CANDIDATE = "candidate"  # they are recorded, and count in no figure
    ROUTINE = "routine"  # they count, and what it judged needs no other judge
    DISABLED = "disabled"  # a canary showed that it does not see what is poor


@dataclass(frozen=True, slots=True, kw_only=True)
class Canaries:
    """Outputs that are known to be poor, and how many of them a judge called poor."""

    planted: int
    found: int

    @property
    def interval_percent(self) -> tuple[int, int]:
        low, high = wilson(self.found, self.planted)
        return round(100 * low), round(100 * high)

    def failing(self, rule: Handover) -> str:
        """Say why a judge has failed: surely it finds fewer than the policy asks for."""
        high = self.interval_percent[1]
        if not self.planted or high >= rule.recall_percent:
            return ""
        return (
            f"{self.found} of {self.planted} planted poor outputs found, at most {high} %:"
            f" below {rule.recall_percent} %"
        )


def canaries(verdicts: Iterable[CanaryVerdict], judge: str, after: str = "") -> Canaries:
    """Count what a judge said about its newest canaries, as far as they came after an entry."""
    said = [one.verdict for one in verdicts if one.context.ensemble == judge and one.id > after]
    newest = said[-_NEWEST:]
    return Canaries(planted=len(newest), found=newest.count(Verdict.POOR))


def settled(
    rule: Handover, judge: str, lacking: Sequence[str], planted: Canaries, *, disabled: bool
) -> tuple[JudgeState, str]:
    """Decide the state of a judge, and say why.

    Once `disabled`, everything else is about what came after that, and it stays so until it has
    shown again what it is worth.
    """
    if failing := planted.failing(rule):
        return JudgeState.DISABLED, failing
    if lacking:
        return JudgeState.DISABLED if disabled else JudgeState.CANDIDATE, lacking[0]
    if judge not in rule.judges:
        return JudgeState.CANDIDATE, "no person lets it judge alone yet"
    return JudgeState.ROUTINE, "it agrees with people, and a person lets it judge alone"


def disabled_after(changes: Iterable[Transition], judge: str) -> str:
    """Give the entry since which things count anew for a judge; empty: it was never disabled."""
    return max(
        (
            one.id
            for one in changes
            if one.context.ensemble == judge and one.state == JudgeState.DISABLED
        ),
        default="",
    )


def routine(changes: Sequence[Transition]) -> frozenset[str]:
    """Name the local judges that were found fit last; a person's word may be gone since."""
    newest = {one.context.ensemble: one.state for one in changes}  # later ones replace
    return frozenset(
        judge
        for judge, state in newest.items()
        if judge.startswith(LOCAL) and state == JudgeState.ROUTINE
    )
