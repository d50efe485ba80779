"""What a tier demands of an ensemble's evidence."""

from __future__ import annotations

from dataclasses import dataclass

from conductor.core.evidence import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One tier of policy/promotion.toml."""

    tier: str
    good: int  # evaluations of the ensemble's present form
    distinct_inputs: int = 1  # that these good ones must come from
    assessment: bool = False  # whether somebody must have assessed its generality
    signature: bool = False  # whether consent is nothing less than a signature over the plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far an ensemble is on the way to a tier."""

    tier: str
    good: int
    needed: int

    @property
    def reached(self) -> bool:
        return self.good >= self.needed


def standings(evidence: Evidence, gates: tuple[Gate, ...]) -> tuple[Standing, ...]:
    """Compare with each gate, the easiest first; verdicts of two judges are not added up."""
    good = max((tally.good for tally in evidence.tallies), default=0)
    ordered = sorted(gates, key=lambda gate: gate.good)
    return tuple(Standing(tier=gate.tier, good=good, needed=gate.good) for gate in ordered)
