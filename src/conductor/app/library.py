"""What the library holds at a commit, and who needs what there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from conductor.adapters.git import Mirror
from conductor.app.tier_folder import ENSEMBLES, PROFILES, SCRIPTS, Opened, TierFolder
from conductor.core import deprecation
from conductor.core.closure import Kind, Member, close
from conductor.errors import SourceError

EVIDENCE = "evidence"
STATUS = deprecation.FOLDER
KINDS = (ENSEMBLES, PROFILES, SCRIPTS, EVIDENCE, STATUS)
_MOST_BYTES = 50_000_000


@contextmanager
def tier_at(mirror: Mirror, commit: str) -> Iterator[TierFolder]:
    """Lay the library's files of a commit out in a folder of ours, and take it away again.

    Nothing is checked out: only regular files of the known kinds are written, byte for byte.
    """
    entries = mirror.entries(commit)
    wanted = [one for one in entries if one.path.startswith(tuple(f"{kind}/" for kind in KINDS))]
    for one in wanted:
        if not safe_path(one.path):
            raise SourceError("a path of the library leads out of it", at=ascii(one.path))
    with tempfile.TemporaryDirectory(prefix="conductor-library-") as root:
        for path, data in mirror.read(wanted, most=_MOST_BYTES).items():
            target = Path(root, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
        yield TierFolder(root, "")


def safe_path(path: str) -> bool:
    """Tell whether a path of a foreign commit stays below the folder it is written to."""
    parts = path.split("/")
    odd = {"", ".", ".."}
    return odd.isdisjoint(parts) and ".git" not in {part.lower() for part in parts}


def users_of(tier: TierFolder, leaving: Container[str]) -> dict[str, tuple[str, ...]]:
    """Say for each file of a tier which ensembles need it, besides those that are `leaving`."""
    users: dict[str, set[str]] = {}
    for path in tier.ensembles():
        name = PurePosixPath(path).stem
        opened = tier.yaml(path)
        if name in leaving or opened is None or opened.escape:
            continue
        needed = {path_of_member(tier, one) for one in _members(tier, name, opened)}
        for one in needed - {""} | {path}:
            users.setdefault(one, set()).add(name)
    return {path: tuple(sorted(names)) for path, names in users.items()}


def _members(tier: TierFolder, name: str, opened: Opened) -> tuple[Member, ...]:
    return close(name, opened.read.data, tier.shelf).members


def path_of_member(tier: TierFolder, member: Member) -> str:
    """Say in which file a member of a closure stands; empty when it is in none."""
    if member.kind is Kind.PROFILE:
        return tier.profile_paths.get(member.name, "")
    if member.kind is Kind.ENSEMBLE:
        return f"{ENSEMBLES}/{member.name}.yaml"
    opened = tier.script(member.name)
    return opened.path if opened else ""
