"""Where things live on this machine, outside every workspace.

It is on the start path of `route`, so it knows `os` and nothing bigger.
"""

from __future__ import annotations

import os


def state() -> str:
    """Give the folder of what conductor keeps for this person: `$XDG_STATE_HOME/conductor`."""
    return os.path.join(_base("XDG_STATE_HOME", ".local/state"), "conductor")


def config() -> str:
    """Give the folder of what this person told conductor, in every workspace."""
    return os.path.join(_base("XDG_CONFIG_HOME", ".config"), "conductor")


def global_tier() -> str:
    """Give the engine's folder for this person, which is tier global."""
    return os.path.join(_base("XDG_CONFIG_HOME", ".config"), "llm-orc")


def library_tier(root: str | None) -> str:
    """Give the folder in which the engine looks for a library: `$LLM_ORC_LIBRARY_PATH` first."""
    given = os.environ.get("LLM_ORC_LIBRARY_PATH", "")
    return given or os.path.join(root or os.getcwd(), "llm-orchestra-library")


def claude_settings() -> str:
    """Give this person's settings of Claude Code: `$CLAUDE_CONFIG_DIR/settings.json`."""
    return os.path.join(_claude(), "settings.json")


def claude_transcripts() -> str:
    """Give the folder in which Claude Code keeps the transcripts of this person."""
    return os.path.join(_claude(), "projects")


def _claude() -> str:
    return os.environ.get("CLAUDE_CONFIG_DIR", "") or os.path.expanduser("~/.claude")


def _base(variable: str, usual: str) -> str:
    given = os.environ.get(variable, "")
    # The specification says that a relative path there is to be ignored.
    return given.rstrip("/") if given.startswith("/") else os.path.expanduser(f"~/{usual}")
