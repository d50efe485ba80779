"""`plugin install`: the plugin in a folder of ours, and two keys in a person's settings."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conductor.adapters import clock, files, homes
from conductor.app.plugin import plugin_files
from conductor.errors import SourceError
from conductor.formats.claude_code import ENABLED, MARKETPLACE

_COMMAND = "conductor"
_KNOWN, _ENABLED = "extraKnownMarketplaces", "enabledPlugins"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What would be written: the settings as text, before and after, and the plugin's files."""

    settings: str  # path
    old: str  # empty: there is no such file yet
    new: str
    folder: str
    files: Mapping[str, str] = field(default_factory=dict)  # empty: the folder is to go


def install(root: str) -> Change:
    """Plan to install; raises SourceError for settings that cannot be read."""
    folder, path = _folder(), homes.claude_settings()
    old, document = _read(path)
    source = {"source": {"source": "directory", "path": folder}}
    for key, name, value in ((_KNOWN, MARKETPLACE, source), (_ENABLED, ENABLED, True)):
        document[key] = {**_table(document, key, path), name: value}
    made = plugin_files(root, _executable())
    return Change(settings=path, old=old, new=_text(document, old), folder=folder, files=made)


def uninstall() -> Change:
    """Plan to take out what `install` put in, and nothing else."""
    path = homes.claude_settings()
    old, document = _read(path)
    for key, name in ((_KNOWN, MARKETPLACE), (_ENABLED, ENABLED)):
        table = _table(document, key, path)
        if name in table:
            rest = {one: value for one, value in table.items() if one != name}
            document = {one: value for one, value in document.items() if one != key or rest}
            if rest:
                document[key] = rest
    return Change(settings=path, old=old, new=_text(document, old), folder=_folder())


def apply(change: Change) -> str:
    """Carry it out; gives the path of the backup, empty where no old file was replaced."""
    shutil.rmtree(change.folder, ignore_errors=True)
    for path, text in change.files.items():
        files.write_atomically(f"{change.folder}/{path}", text)
    if change.old == change.new:
        return ""
    backup = ""
    if change.old:
        stamp = clock.now().replace(":", "").replace(".", "")
        backup = f"{change.settings}.{stamp}.bak"
        files.write_atomically(backup, change.old)
    files.write_atomically(change.settings, change.new)
    return backup


def _folder() -> str:
    return f"{homes.state()}/claude-code"


def _executable() -> str:
    """Name the command so that Claude Code finds this very conductor."""
    beside = Path(sys.executable).parent / _COMMAND
    found = shutil.which(_COMMAND)
    if found and beside.exists() and os.path.realpath(found) == os.path.realpath(beside):
        return _COMMAND
    return str(beside) if beside.exists() else _COMMAND


def _read(path: str) -> tuple[str, dict[str, Any]]:
    text = files.read_if_there(path) or ""
    try:
        document = json.loads(text) if text.strip() else {}
    except ValueError as error:
        raise SourceError("the settings are no JSON", at=path, hint="mend them first") from error
    if not isinstance(document, dict):
        raise SourceError("the settings are no JSON object", at=path, hint="mend them first")
    return text, document


def _table(document: Mapping[str, Any], key: str, path: str) -> dict[str, Any]:
    table = document.get(key, {})
    if not isinstance(table, dict):
        raise SourceError(f"`{key}` is no JSON object", at=path, hint="mend it first")
    return table


def _text(document: Mapping[str, Any], old: str) -> str:
    """Write settings as they were indented before; equal content keeps its very text."""
    if old and json.loads(old) == document:
        return old
    second = next((line for line in old.splitlines()[1:] if line.strip()), "  x")
    indent = len(second) - len(second.lstrip()) or 2
    return json.dumps(document, indent=indent, ensure_ascii=False) + "\n"
