"""What Claude Code reads of a plugin as JSON: manifests, the server's entry, hooks."""

from __future__ import annotations

import json
from collections.abc import Mapping

PLUGIN, MARKETPLACE = "conductor", "llm-conductor"
ENABLED = f"{PLUGIN}@{MARKETPLACE}"
_SERVER = "conductor"
_DESCRIPTION = "Hands bounded, mechanical tasks to small local models under a written policy."
_LICENCE = "Apache-2.0"
_OWNER = {"name": "The conductor authors"}

# The engine has a server of its own whose promotion a model may confirm by itself.
_ENGINE_WRITES = "mcp__.*__(promote_ensemble|demote_ensemble|library_contribute|delete_ensemble)"
_BY_TOOL = "promote with the tools promotion_plan and promote_apply of conductor: they ask the user"
_BY_HAND = "promoting is for the user: use promotion_plan and promote_apply, or let them type it"
_TIERS = "the tiers above this workspace are written by conductor alone, after the user said yes"


def files(version: str, executable: str) -> dict[str, str]:
    """Give the plugin's JSON files by path; `executable` is how the server is started."""
    return {
        ".claude-plugin/plugin.json": _text(_manifest(version, executable)),
        ".mcp.json": _text(_servers()),
        "hooks/hooks.json": _text(_hooks()),
    }


def marketplace(version: str, plugin: str) -> str:
    """Give the list of one plugin, which lies in the folder `plugin` beside it."""
    entry = {"name": PLUGIN, "source": f"./{plugin}", "description": _DESCRIPTION}
    return _text(
        {
            "name": MARKETPLACE,
            "owner": _OWNER,
            "description": "The plugin of conductor.",
            "plugins": [{**entry, "version": version, "category": "productivity"}],
        }
    )


def _manifest(version: str, executable: str) -> dict[str, object]:
    return {
        "name": PLUGIN,
        "version": version,
        "description": _DESCRIPTION,
        "author": _OWNER,
        "license": _LICENCE,
        "keywords": ["llm", "routing", "local-models", "ensembles"],
        "userConfig": {
            "conductor_bin": {
                "type": "string",
                "title": "The conductor command",
                "description": "How to start conductor, if it is not on PATH.",
                "default": executable,
            }
        },
    }


def _servers() -> dict[str, object]:
    return {
        "mcpServers": {_SERVER: {"command": "${user_config.conductor_bin}", "args": ["mcp"]}},
    }


def _hooks() -> dict[str, object]:
    """Say something only when there is something to say; nothing here starts Python."""
    notice = {
        "type": "mcp_tool",
        "server": f"plugin:{PLUGIN}:{_SERVER}",
        "tool": "notice",
        "input": {},
        "timeout": 15,  # the first prompt may come before the server is up
    }
    return {
        "description": "Tells once what waits to be judged; keeps promotion with the user.",
        "hooks": {
            "UserPromptSubmit": [{"hooks": [notice]}],
            "PreToolUse": [
                {"matcher": _ENGINE_WRITES, "hooks": [_refusal(_BY_TOOL)]},
                {
                    "matcher": "Bash",
                    "hooks": [
                        _refusal(_BY_HAND, only="Bash(*conductor promote*)"),
                        _refusal(_BY_HAND, only="Bash(*conductor -C*promote*)"),
                    ],
                },
                {
                    "matcher": "Edit|Write",
                    "hooks": [
                        _refusal(_TIERS, only="Edit(~/.config/llm-orc/**)"),
                        _refusal(_TIERS, only="Write(~/.config/llm-orc/**)"),
                    ],
                },
            ],
        },
    }


def _refusal(reason: str, *, only: str = "") -> dict[str, object]:
    """Refuse without starting anything but a shell, also where conductor is not installed."""
    hook: dict[str, object] = {
        "type": "command",
        "command": f"echo '{reason}' >&2; exit 2",
        "timeout": 5,
        "onFailure": "block",
    }
    return {**hook, "if": only} if only else hook


def _text(document: Mapping[str, object]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
