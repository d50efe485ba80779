"""The terms that a contribution is judged by, as one digest that two machines can compare.

A policy's revision covers all of it, also what has nothing to do with a library, so hardly any two
workspaces share one. This covers what can change a verdict: lint's rules, the gate, the limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conductor.core.digest import digest
from conductor.lint.catalogue import RULES


def terms(sections: Mapping[str, Any]) -> str:
    """Digest them out of the sections of a bundle."""
    models = sections["models"]
    return digest(
        {
            "rules": {one.code: [one.levels, one.waivable] for one in RULES.values()},
            "gate": sections["promotion"]["library"],
            "limits": {"classes": models["classes"], "parameters": models["parameters"]},
        }
    )
