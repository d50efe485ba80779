"""What the rules say about a set of files, for one tier and for all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from conductor.core.finding import Finding, Level
from conductor.core.tier import Tier
from conductor.lint.rule import Fix, Rule, Splice, Verdict, level


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One finding with everything around it."""

    finding: Finding  # its level is that of the tier asked for; a note when off there
    rule: Rule
    levels: str  # for local, global, library
    verdict: Verdict
    field: str  # such as `agents.worker.system_prompt`; empty: the file as a whole
    matched: str
    match: str  # digest of `matched`, for a waiver
    confirmed_by: str
    fix: Fix  # what applies here: `no` when there are no edits
    edits: tuple[Splice, ...] = ()

    def level(self, tier: Tier) -> Level | None:
        return level(self.levels, tier)

    def blocks(self, tier: Tier) -> bool:
        return self.verdict is Verdict.FAIL and self.level(tier) is Level.ERROR


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All judgements in order.

    `shown` leaves out what is off at `tier`, and says once what two ensembles would mend in their
    own files about one script.
    """

    tier: Tier  # the one asked for
    files: tuple[str, ...]  # that were looked at
    judgements: tuple[Judgement, ...]

    @property
    def shown(self) -> tuple[Judgement, ...]:
        counting = (one for one in self.judgements if one.level(self.tier) is not None)
        once = {(replace(one.finding, fix=None), one.levels, one.verdict): one for one in counting}
        return tuple(once.values())

    @property
    def failed(self) -> bool:
        """Whether something keeps it from the tier asked for."""
        return any(one.blocks(self.tier) for one in self.judgements)

    @property
    def achieved(self) -> Tier | None:
        """The highest tier that nothing keeps it from; None: not even local."""
        reached = None
        for tier in Tier:
            if any(one.blocks(tier) for one in self.judgements):
                break
            reached = tier
        return reached

    def of(self, verdict: Verdict) -> tuple[Judgement, ...]:
        return tuple(one for one in self.shown if one.verdict is verdict)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong at the tier asked for: without the waived and the inconclusive."""
        return tuple(one.finding for one in self.of(Verdict.FAIL))
