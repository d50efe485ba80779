"""A repository that changes are proposed to: our mirror of it, and the branch of a proposal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conductor.adapters.git import Mirror
from conductor.adapters.git.commits import RemoteBranch, check_branch, default_branch
from conductor.app.revisions import mirror_of
from conductor.app.settings import Upstream
from conductor.core.forge import Repository, forge_at, repository_of
from conductor.errors import UsageError

_NOUNS = {"library": "library", "policy": "repository that its policy is reviewed in"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenUpstream:
    """The configured repository, fetched."""

    settings: Upstream
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
        hint = f"see `[{self.settings.section}] branch`"
        check_branch(self.mirror, branch, hint=hint)
        if branch == self.base and not self.settings.fork:
            raise UsageError(f"a contribution would go straight to `{branch}`", hint=hint)
        return self.pushed(branch)

    def pushed(self, branch: str) -> RemoteBranch:
        """Give a branch where contributions are pushed to."""
        if self.settings.fork:
            hint = f"make the fork at the forge, or correct `[{self.settings.section}] fork`"
            return RemoteBranch(self.mirror, self.settings.fork, branch, hint)
        return RemoteBranch(self.mirror, self.settings.remote, branch)

    def base_for(self, there: str, then: Mapping[str, Any] | None) -> str:
        """Stay on the base of an earlier plan while its commit is what the branch holds."""
        earlier = (then or {}).get("outward") or {}
        same = there and earlier.get("commit") == there
        if same and self.mirror.has(str(earlier["base_commit"])):
            return str(earlier["base_commit"])
        return self.commit


def open_upstream(settings: Upstream) -> OpenUpstream:
    """Fetch it; raises UsageError with the next step when there is none to fetch."""
    if not settings.remote:
        raise UsageError(
            f"this workspace names no {_NOUNS[settings.section]}",
            hint=f'write `remote = "…"` under [{settings.section}] in conductor.toml',
        )
    address = settings.remote
    mirror = mirror_of(address)
    base = settings.base or default_branch(mirror, address)
    if not base:
        raise UsageError(
            f"`{address}` has no commit yet, so nothing can be based on it",
            hint="give it a first commit, for example a README",
        )
    commit = mirror.fetch(address, f"refs/heads/{base}")
    if not mirror.advance(base, commit):
        raise UsageError(
            f"the history of `{base}` at `{address}` was rewritten since conductor saw it last",
            hint=f"ask its maintainers; if it is right: rm -r {mirror.folder}",
        )
    return OpenUpstream(settings=settings, mirror=mirror, base=base, commit=commit)
