"""Versions of ensembles: a label for people. What tells contents apart is the closure's digest."""

from __future__ import annotations

import re

_PARTS = re.compile(r"(\d+)\.(\d+)\.(\d+)")


def following(version: str) -> str:
    """Propose the next one for a change that keeps what goes in and out; `1.0.0` without one."""
    found = _PARTS.fullmatch(version)
    if not found:
        return "1.0.0"
    major, minor, patch = found.groups()
    return f"{major}.{minor}.{int(patch) + 1}"
