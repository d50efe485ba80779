"""What a script of a plan does by its source: it will run on other machines."""

from __future__ import annotations

from conductor.app.tier_folder import SCRIPTS
from conductor.lint.capabilities import capabilities

NOTHING = "no network, no writes, no commands"


def report(path: str, data: bytes, before: bytes | None) -> str:
    """Say what a new script does, or what a changed one does beyond `before`; empty for others."""
    if not path.startswith(f"{SCRIPTS}/") or data == before:
        return ""
    does = _does(path, data)
    if before is None:
        return ", ".join(does) or NOTHING
    more = [one for one in does if one not in _does(path, before)]
    return f"now also {', '.join(more)}" if more else "no more than before"


def _does(path: str, data: bytes) -> tuple[str, ...]:
    return capabilities(path, data.decode("utf-8", "replace"))
