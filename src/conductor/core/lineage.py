"""Task types as a hierarchy: a dot makes a child."""

from __future__ import annotations


def lineage(task: str) -> tuple[str, ...]:
    """Give the task type, its parent, and so on; nothing for no type."""
    parts = task.split(".") if task else []
    return tuple(".".join(parts[:length]) for length in range(len(parts), 0, -1))
