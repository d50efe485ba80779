"""Which runs are judged: all at first, then a sample, and none once an ensemble is established."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil

from conductor.core.sequential import Drift, evidence_above, still_needed

PLAIN, ANYTIME = "plain", "anytime"


def whole_percent(part: int, of: int) -> int:
    """Give a share, rounded down; 0 of nothing."""
    return part * 100 // of if of else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """The numbers of policy/sampling.toml; rates are shares in [0, 1]."""

    calibration_uses: int
    rate: float
    established_uses: int
    established_acceptance_percent: int
    audit_rate: float = 0.0  # of the uses of an established ensemble
    test: str = PLAIN  # or ANYTIME: when an ensemble is established
    error_percent: int = 5  # how often ANYTIME may be wrong, however often one looks
    type_judged: int = 10  # judged runs from which a task type counts by itself
    drift: Drift = field(
        default_factory=lambda: Drift(normal=0.05, drifted=0.2, false_alarm_uses=100)
    )


class State(StrEnum):
    """Where an ensemble's present form is in its life."""

    CALIBRATING = "calibrating"  # every use is judged
    SAMPLING = "sampling"  # a share of the uses is judged
    ESTABLISHED = "established"  # none is, unless somebody complains
    DRIFTING = "drifting"  # it was established, and went back to calibration


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known about a form, since it drifted if it did."""

    uses: int = 0
    judged: int = 0
    accepted: int = 0
    drifted: str = ""  # why it went back to calibration; empty: it did not

    @property
    def percent(self) -> int:
        """The share that was accepted, rounded down; 0 without a verdict."""
        return whole_percent(self.accepted, self.judged)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One way to tell that an ensemble is established, and how far it is from that."""

    name: str
    passed: bool
    needed_judged: int  # further accepted verdicts, at least
    needed_uses: int  # further uses, on average, at the policy's rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The state of a form, the sentence that says why, and what both tests say."""

    state: State
    reason: str
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Whether a run is to be judged, the sentence that says why, and its draw in [0, 1)."""

    due: bool
    reason: str
    draw: float


def draw(run_id: str) -> float:
    """Draw from the run's id, so that anybody can check the draw later; uniform in [0, 1)."""
    return int.from_bytes(hashlib.sha256(run_id.encode()).digest()[:6], "big") / 2**48


def due(sampling: Sampling, run_id: str, known: Known) -> Due:
    """Decide for the next run; `known` is about the earlier ones of the same form."""
    drawn = draw(run_id)
    number = known.uses + 1
    if number <= sampling.calibration_uses:
        phase = "since it drifted" if known.drifted else "in calibration"
        reason = f"use {number} of {sampling.calibration_uses} {phase}"
        return Due(due=True, reason=reason, draw=drawn)
    rate, word = sampling.rate, "drawn"
    if established(sampling, known):
        if not sampling.audit_rate:
            return Due(due=False, reason=_established(known), draw=drawn)
        rate, word = sampling.audit_rate, "audited"
    hit = drawn < rate
    comparison = f"{drawn:.3f} {'<' if hit else '>='} {rate}"
    return Due(due=hit, reason=f"{'' if hit else 'not '}{word}: {comparison}", draw=drawn)


def stage(sampling: Sampling, known: Known) -> Stage:
    """Say where a form is, and what is missing until it is established."""
    proofs = tuple(_proof(sampling, name, known) for name in (PLAIN, ANYTIME))
    if known.uses < sampling.calibration_uses:
        counted = f"{known.uses} of {sampling.calibration_uses} uses, all of them judged"
        if known.drifted:
            return Stage(state=State.DRIFTING, reason=f"{known.drifted}; {counted}", proofs=proofs)
        return Stage(state=State.CALIBRATING, reason=counted, proofs=proofs)
    if established(sampling, known):
        return Stage(state=State.ESTABLISHED, reason=_established(known), proofs=proofs)
    again = ", after it drifted" if known.drifted else ""
    reason = f"{sampling.rate:.0%} of the uses are judged{again}"
    return Stage(state=State.SAMPLING, reason=reason, proofs=proofs)


def established(sampling: Sampling, known: Known) -> bool:
    """Tell whether a form has passed the policy's test."""
    return _passes(sampling, sampling.test, known)


def _established(known: Known) -> str:
    return f"established: {known.uses} uses, {known.percent} % accepted"


def _passes(sampling: Sampling, name: str, known: Known) -> bool:
    """Compare with the policy's numbers: more uses, and more accepted; both strictly."""
    if known.uses <= sampling.established_uses:
        return False
    share = sampling.established_acceptance_percent
    if name == PLAIN:
        return known.accepted * 100 > share * known.judged
    return evidence_above(known.accepted, known.judged, share / 100) >= _stake(sampling)


def _proof(sampling: Sampling, name: str, known: Known) -> Proof:
    fewest = max(0, sampling.established_uses + 1 - known.uses)
    verdicts = (_plain if name == PLAIN else _anytime)(sampling, known)
    # What is left of calibration is judged anyway, of the rest a share.
    calibrating = min(verdicts, max(0, sampling.calibration_uses - known.uses))
    uses = calibrating + ceil((verdicts - calibrating) / sampling.rate)
    return Proof(
        name=name,
        passed=_passes(sampling, name, known),
        needed_judged=verdicts,
        needed_uses=max(fewest, uses),
    )


def _plain(sampling: Sampling, known: Known) -> int:
    """Count the accepted verdicts until their share is above the policy's, as it looks now.

    (accepted + x) * 100 > share * (judged + x) is solved for the smallest whole x.
    """
    share = sampling.established_acceptance_percent
    short = share * known.judged - known.accepted * 100
    return max(0, short // (100 - share) + 1)


def _anytime(sampling: Sampling, known: Known) -> int:
    """Count the accepted verdicts until a bet against the policy's share has made enough."""
    share = sampling.established_acceptance_percent / 100
    return still_needed(known.accepted, known.judged, share, _stake(sampling))


def _stake(sampling: Sampling) -> float:
    """Give what the bet has to make: one over how often the test may be wrong."""
    return 100 / sampling.error_percent
