"""A proposal of `learn` on its way to review, as a plan: consent is given to its digest."""

from __future__ import annotations

from dataclasses import dataclass

from conductor.core.digest import digest_bytes
from conductor.core.outward import Outward
from conductor.core.plan import Planned
from conductor.core.proposal import Edit, Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment(Planned):
    """The change of one policy file as a commit that others will be shown."""

    proposal: Proposal
    edit: Edit
    path: str  # of the file in the repository
    at: str  # UTC
    policy: str  # revision
    outward: Outward

    def document(self) -> dict[str, object]:
        return {
            "format": 1,
            "proposal": self.proposal.id,
            "path": self.path,
            "file": digest_bytes(self.edit.new.encode()),
            "at": self.at,
            "policy": self.policy,
            "outward": self.outward.document(),
        }
