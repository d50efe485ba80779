"""Checks of an output before anyone reads it: no model, no tokens, no judgement of quality."""

from __future__ import annotations

from conductor.core.checks import (
    branches,
    copied,
    empty,
    form,
    grounded,
    items,
    language,
    looping,
    truncated,
)
from conductor.core.checks.material import Expected, Material, Validate
from conductor.core.execution import AgentStatus
from conductor.core.run import Check

_FINE = AgentStatus.SUCCEEDED

__all__ = ["Expected", "Material", "Validate", "check_output", "passed", "tolerated"]

_CHECKS = (
    empty.check,
    truncated.check,
    looping.check,
    branches.check,
    copied.check,
    form.check_json,
    form.check_schema,
    form.check_label,
    items.check,
    language.check,
    grounded.check,
)


def check_output(material: Material) -> tuple[Check, ...]:
    """Run every check that applies, in a fixed order; of nothing there is nothing more to say."""
    first = empty.check(material)
    if not first.passed:
        return (first,)
    found = (check(material) for check in _CHECKS)
    return tuple(one for one in found if one is not None)


def passed(checks: tuple[Check, ...]) -> bool:
    return all(check.passed for check in checks)


def tolerated(material: Material) -> bool:
    """Tell failed branches that the ensemble can do without from a run that failed."""
    delivered = {one.name for one in material.outcome.agents if one.status is _FINE}
    if not material.expected.failed_percent or not material.outcome.output.strip():
        return False
    found = branches.check(material)
    return delivered.issuperset(material.last) and found is not None and found.passed
