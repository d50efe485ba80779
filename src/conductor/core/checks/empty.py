"""An output with nothing in it, or with thinking and no answer."""

from __future__ import annotations

from conductor.core.checks.material import Material
from conductor.core.run import Check


def check(material: Material) -> Check:
    if not material.outcome.output.strip():
        return Check(name="empty", passed=False, detail="nothing came out")
    if not material.answer:
        return Check(name="empty", passed=False, detail="only thinking came out, no answer")
    return Check(name="empty", passed=True)
