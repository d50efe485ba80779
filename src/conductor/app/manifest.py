"""What conductor put into tier global: so that it replaces and removes only what is its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from conductor.adapters import inside
from conductor.adapters.tree import Tree
from conductor.core.digest import digest_bytes
from conductor.core.plan import Change
from conductor.errors import SourceError

MANIFEST = ".conductor.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promoted:
    """One ensemble that was promoted: where from, when, under which plan, and its files."""

    workspace: str
    at: str
    plan: str  # digest
    text_digest: str
    files: Mapping[str, str] = field(default_factory=dict)  # path -> digest


def read(tree: Tree, path: str) -> bytes | None:
    """Read a file of a tier; raises SourceError for a link and for what is no regular file."""
    try:
        return inside.read(tree.root, path)
    except inside.Escapes as escape:
        at = f"{tree.root}/{path}"
        raise SourceError(str(escape), at=at, hint="put a copy in its place") from escape


def read_manifest(tree: Tree) -> dict[str, Promoted]:
    """Read it; raises SourceError when it is damaged, because nothing may be replaced then."""
    data = read(tree, MANIFEST)
    if data is None:
        return {}
    try:
        entries = json.loads(data)["ensembles"]
        return {name: entry_of(entry) for name, entry in entries.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceError(
            "the list of what was promoted is damaged",
            at=f"{tree.root}/{MANIFEST}",
            hint="delete it: then nothing in this tier counts as ours to replace",
        ) from error


def entry_of(entry: Mapping[str, Any]) -> Promoted:
    """Read an entry; what another version of conductor keeps there is passed over."""
    return Promoted(**{one.name: entry[one.name] for one in fields(Promoted) if one.name in entry})


def write_manifest(tree: Tree, entries: Mapping[str, Promoted]) -> None:
    content = {name: asdict(entries[name]) for name in sorted(entries)}
    text = json.dumps({"format": 1, "ensembles": content}, indent=1) + "\n"
    tree.write(MANIFEST, text.encode())


def change_of(
    tree: Tree, manifest: Mapping[str, Promoted], name: str, path: str, digest: str
) -> Change:
    """Say what writing a file there would do; what others use or wrote is never replaced."""
    data = read(tree, path)
    if data is None:
        return Change.ADD
    there = digest_bytes(data)
    if there == digest:
        return Change.SAME
    users = {owner for owner, entry in manifest.items() if path in entry.files}
    ours = users == {name} and manifest[name].files[path] == there
    return Change.REPLACE if ours else Change.CONFLICT
