"""What was demoted, kept with its bytes so that it can be put back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from conductor.adapters import files, homes
from conductor.adapters.tree import Tree
from conductor.app.manifest import Promoted, entry_of
from conductor.app.manifest import read as read_file
from conductor.core.digest import digest_bytes
from conductor.errors import SourceError

_RECORD = "record.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trashed:
    """One demotion; its bytes lie below `folder` by their path in the tier."""

    folder: str
    ensemble: str
    at: str
    reason: str
    entry: Promoted  # as the tier's list had it
    removed: Mapping[str, str]  # path -> digest

    def content(self, path: str) -> bytes:
        """Read the bytes back; raises SourceError when they are not those that were put in."""
        data = read_file(Tree(self.folder), path)
        if data is None or digest_bytes(data) != self.removed[path]:
            raise SourceError(
                "the trash does not hold what was demoted", at=f"{self.folder}/{path}"
            )
        return data


def put(trashed: Trashed, contents: Mapping[str, bytes]) -> None:
    """Keep the bytes, then say that they are kept: without the record there is no trash."""
    tree = Tree(trashed.folder)
    for path, data in contents.items():
        tree.write(path, data)
    record = asdict(trashed)
    del record["folder"]
    tree.write(_RECORD, (json.dumps({"format": 1, **record}, indent=1) + "\n").encode())


def folder_for(ensemble: str, digest: str) -> str:
    """Name the folder of a demotion by what was promoted, so that one that was cut off goes on."""
    return f"{homes.state()}/trash/{ensemble}.global.{digest.removeprefix('sha256:')[:16]}"


def latest(ensemble: str) -> Trashed | None:
    """Find what was demoted last and not put back since."""
    found = [
        one
        for path in sorted(Path(f"{homes.state()}/trash").glob(f"{ensemble}.global.*/{_RECORD}"))
        if (one := read(str(path.parent))) is not None
    ]
    return max(found, key=lambda one: one.at, default=None)


def read(folder: str) -> Trashed | None:
    """Read the record of a demotion; None without one that can be read."""
    text = files.read_if_there(f"{folder}/{_RECORD}")
    try:
        document = json.loads(text) if text else {}
        return Trashed(
            folder=folder,
            ensemble=document["ensemble"],
            at=document["at"],
            reason=document["reason"],
            entry=entry_of(document["entry"]),
            removed=document["removed"],
        )
    except (ValueError, KeyError, TypeError):
        return None


def forget(trashed: Trashed) -> None:
    """Take the record away: what was put back is not offered again."""
    files.delete(f"{trashed.folder}/{_RECORD}")
