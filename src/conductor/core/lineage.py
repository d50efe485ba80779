"""Task types as a hierarchy: a dot makes a child."""

from __future__ import annotations

from collections.abc import Container


def lineage(task: str) -> tuple[str, ...]:
    """Give the task type, its parent, and so on; nothing for no type."""
    parts = task.split(".") if task else []
    return tuple(".".join(parts[:length]) for length in range(len(parts), 0, -1))


def nearest(task: str, among: Container[str]) -> str:
    """Give the type itself, else its nearest ancestor that is there; empty where none is."""
    return next((one for one in lineage(task) if one in among), "")
