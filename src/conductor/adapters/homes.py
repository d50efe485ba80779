"""Where things live on this machine, outside every workspace."""

from __future__ import annotations

import os
from pathlib import Path


def state() -> str:
    """Give the folder of what conductor keeps for this person: `$XDG_STATE_HOME/conductor`."""
    return str(_base("XDG_STATE_HOME", ".local/state") / "conductor")


def config() -> str:
    """Give the folder of what this person told conductor, in every workspace."""
    return str(_base("XDG_CONFIG_HOME", ".config") / "conductor")


def global_tier() -> str:
    """Give the engine's folder for this person, which is tier global."""
    return str(_base("XDG_CONFIG_HOME", ".config") / "llm-orc")


def library_tier(root: str | None) -> str:
    """Give the folder in which the engine looks for a library: `$LLM_ORC_LIBRARY_PATH` first."""
    given = os.environ.get("LLM_ORC_LIBRARY_PATH", "")
    return given or str(Path(root or Path.cwd()) / "llm-orchestra-library")


def claude_settings() -> str:
    """Give this person's settings of Claude Code: `$CLAUDE_CONFIG_DIR/settings.json`."""
    return str(_claude() / "settings.json")


def claude_transcripts() -> str:
    """Give the folder in which Claude Code keeps the transcripts of this person."""
    return str(_claude() / "projects")


def _claude() -> Path:
    given = os.environ.get("CLAUDE_CONFIG_DIR", "")
    return Path(given) if given else Path.home() / ".claude"


def _base(variable: str, usual: str) -> Path:
    given = os.environ.get(variable, "")
    # The specification says that a relative path there is to be ignored.
    return Path(given) if given.startswith("/") else Path.home() / usual
