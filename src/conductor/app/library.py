"""The library as a repository: our mirror of it, what it holds, and whether that may be trusted."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from conductor.adapters.git import Mirror
from conductor.adapters.git.commits import RemoteBranch, check_branch, default_branch
from conductor.app.revisions import mirror_of
from conductor.app.settings import Library
from conductor.app.tier_folder import ENSEMBLES, PROFILES, SCRIPTS, Opened, TierFolder
from conductor.core import deprecation
from conductor.core.closure import Kind, Member, close
from conductor.core.forge import Repository, forge_at, repository_of
from conductor.errors import SourceError, UsageError

EVIDENCE = "evidence"
STATUS = deprecation.FOLDER
KINDS = (ENSEMBLES, PROFILES, SCRIPTS, EVIDENCE, STATUS)
_MOST_BYTES = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLibrary:
    """The configured library, fetched."""

    settings: Library
    mirror: Mirror
    base: str  # branch
    commit: str  # that the base is at

    @property
    def repository(self) -> Repository | None:
        return repository_of(self.settings.remote)

    @property
    def fork(self) -> Repository | None:
        return repository_of(self.settings.fork) if self.settings.fork else None

    @property
    def forge(self) -> str:
        return forge_at(self.settings.forge, self.repository)

    def branch(self, topic: str) -> RemoteBranch:
        """Give the branch of a contribution where it is pushed; raises UsageError."""
        branch = self.settings.branch.replace("{name}", topic)
        check_branch(self.mirror, branch)
        if branch == self.base and not self.settings.fork:
            raise UsageError(
                f"a contribution would go straight to `{branch}`", hint="see `[library] branch`"
            )
        return self.pushed(branch)

    def pushed(self, branch: str) -> RemoteBranch:
        """Give a branch where contributions are pushed to."""
        if self.settings.fork:
            hint = "make the fork at the forge, or correct `[library] fork`"
            return RemoteBranch(self.mirror, self.settings.fork, branch, hint)
        return RemoteBranch(self.mirror, self.settings.remote, branch)

    def base_for(self, there: str, then: Mapping[str, Any] | None) -> str:
        """Stay on the base of an earlier plan while its commit is what the branch holds."""
        earlier = (then or {}).get("outward") or {}
        same = there and earlier.get("commit") == there
        if same and self.mirror.has(str(earlier["base_commit"])):
            return str(earlier["base_commit"])
        return self.commit


def open_library(settings: Library) -> OpenLibrary:
    """Fetch the library; raises UsageError with the next step when there is none to fetch."""
    if not settings.remote:
        raise UsageError(
            "this workspace names no library",
            hint='write `remote = "…"` under [library] in conductor.toml',
        )
    address = settings.remote
    mirror = mirror_of(address)
    base = settings.base or default_branch(mirror, address)
    if not base:
        raise UsageError(
            f"the library `{address}` has no commit yet, so nothing can be based on it",
            hint="give it a first commit, for example a README",
        )
    commit = mirror.fetch(address, f"refs/heads/{base}")
    if not mirror.advance(base, commit):
        raise UsageError(
            f"the history of `{base}` at `{address}` was rewritten since conductor saw it last",
            hint=f"ask its maintainers; if it is right: rm -r {mirror.folder}",
        )
    return OpenLibrary(settings=settings, mirror=mirror, base=base, commit=commit)


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
