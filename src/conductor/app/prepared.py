"""A plan with everything at hand that carrying it out needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conductor.app.readiness import Examined
from conductor.core.gates import Counted
from conductor.core.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A plan with the bytes that it speaks of."""

    plan: Plan
    examined: Examined
    contents: Mapping[str, bytes]
    resumed: bool = False  # an earlier application of this very plan did not come to its end


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOut:
    """What came of a plan: `place` is a tier, a pull request, a branch or a patch."""

    place: str
    next: str = ""  # what the person does now, if anything


def evidence(counted: Counted) -> dict[str, object]:
    """Give the counts that a plan and a contribution show; no inputs, outputs or paths."""
    return {
        "judge": counted.judge,
        "good": counted.good,
        "acceptable": counted.acceptable,
        "poor": counted.poor,
        "distinct_inputs": counted.inputs,
    }
