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

    settings: str  # path, where links lead
    old: str  # empty: there is no such file yet
    new: str
    folder: str
    files: Mapping[str, str] = field(default_factory=dict)  # empty: the folder is to go
    warning: str = ""  # about a marketplace of our name that is not ours


def install(root: str) -> Change:
    """Plan to install; raises SourceError for settings that cannot be read."""
    folder, path = _folder(), _settings()
    old, document = _read(path)
    foreign = _foreign(document, path)
    for key, name, value in ((_KNOWN, MARKETPLACE, _source()), (_ENABLED, ENABLED, True)):
        document[key] = {**_table(document, key, path), name: value}
    return Change(
        settings=path,
        old=old,
        new=_text(document, old),
        folder=folder,
        files=plugin_files(root, _executable()),
        warning=f"another marketplace `{MARKETPLACE}` is replaced" if foreign else "",
    )


def uninstall() -> Change:
    """Plan to take out what `install` put in, and nothing else."""
    path = _settings()
    old, document = _read(path)
    if _foreign(document, path):
        stays = f"the marketplace `{MARKETPLACE}` in your settings is another one: it stays"
        return Change(settings=path, old=old, new=old, folder=_folder(), warning=stays)
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
        backup = f"{homes.claude_settings()}.{stamp}.bak"
        files.write_atomically(backup, change.old, like=change.settings)
    files.write_atomically(change.settings, change.new)
    return backup


def _folder() -> str:
    return f"{homes.state()}/claude-code"


def _settings() -> str:
    """Find the file behind a link: people keep their settings elsewhere and link to them."""
    return os.path.realpath(homes.claude_settings())


def _source() -> dict[str, Any]:
    return {"source": {"source": "directory", "path": _folder()}}


def _foreign(document: Mapping[str, Any], path: str) -> bool:
    """Tell whether somebody else's marketplace has our name; other keys of ours are no matter."""
    there = _table(document, _KNOWN, path).get(MARKETPLACE)
    source = there.get("source") if isinstance(there, dict) else there
    return source not in (None, _source()["source"])


def _executable() -> str:
    """Name the command so that Claude Code finds this very conductor."""
    beside = Path(sys.executable).parent / _COMMAND
    found = shutil.which(_COMMAND)
    if found and beside.exists() and os.path.realpath(found) == os.path.realpath(beside):
        return _COMMAND
    return str(beside) if beside.exists() else _COMMAND


def _read(path: str) -> tuple[str, dict[str, Any]]:
    if os.path.lexists(path) and not Path(path).is_file():  # a pipe would wait for its writer
        raise SourceError("the settings are no regular file", at=path, hint="move it away first")
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
