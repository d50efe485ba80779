"""Which runs are judged: all at first, then a sample, and none once an ensemble is established."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """The numbers of policy/sampling.toml; `rate` is a share in [0, 1]."""

    calibration_uses: int
    rate: float
    established_uses: int
    established_acceptance_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Whether a run is to be judged, the sentence that says why, and its draw in [0, 1)."""

    due: bool
    reason: str
    draw: float


def draw(run_id: str) -> float:
    """Draw from the run's id, so that anybody can check the draw later; uniform in [0, 1)."""
    return int.from_bytes(hashlib.sha256(run_id.encode()).digest()[:6], "big") / 2**48


def due(sampling: Sampling, run_id: str, *, uses: int, judged: int, accepted: int) -> Due:
    """Decide for the next run; `uses` are the earlier ones of the same closure and models."""
    drawn = draw(run_id)
    number = uses + 1
    if number <= sampling.calibration_uses:
        reason = f"use {number} of {sampling.calibration_uses} in calibration"
        return Due(due=True, reason=reason, draw=drawn)
    if established(sampling, uses=uses, judged=judged, accepted=accepted):
        percent = accepted * 100 // judged
        reason = f"established: {uses} uses, {percent} % accepted"
        return Due(due=False, reason=reason, draw=drawn)
    hit = drawn < sampling.rate
    comparison = f"{drawn:.3f} {'<' if hit else '>='} {sampling.rate}"
    return Due(due=hit, reason=f"{'drawn' if hit else 'not drawn'}: {comparison}", draw=drawn)


def established(sampling: Sampling, *, uses: int, judged: int, accepted: int) -> bool:
    """Tell whether more uses and a higher share than the policy's are there; both strictly."""
    share = sampling.established_acceptance_percent
    return uses > sampling.established_uses and accepted * 100 > share * judged
