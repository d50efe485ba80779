"""What is offered to others: a commit that is made, and the way that it can be handed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conductor.adapters.git.commits import RemoteBranch, person, write_commit
from conductor.app.journal import plans
from conductor.app.proposing import pull_request_of, way_to
from conductor.app.upstream import OpenUpstream
from conductor.core.outward import Outward, message
from conductor.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A change of their repository, and what is said about it."""

    title: str  # subject of the commit and title of the pull request
    summary: str  # one paragraph of the commit
    body: str
    trailers: Mapping[str, str]
    files: Mapping[str, bytes | None]  # by path; None is taken out


def offered(
    upstream: OpenUpstream,
    branch: RemoteBranch,
    offer: Offer,
    *,
    base: str,
    at: str,
    ours: tuple[str, str],
) -> Outward:
    """Make the commit in the mirror, and find the way; nothing is pushed or opened.

    `ours` is subject and target of the journals whose commits may be replaced on the branch.
    Raises UsageError for a commit of somebody else there, and where a person closed it.
    """
    there = branch.head()
    if there:
        refuse_foreign(upstream, ours, there, branch.name)
    commit = write_commit(
        upstream.mirror,
        base,
        offer.files,
        author=person(upstream.mirror),
        at=at,
        message=message(offer.title, offer.summary, offer.trailers),
    )
    rung, forge = way_to(upstream, branch, commit, there=there)
    if forge:
        pull_request_of(forge, upstream, branch.name)  # raises where a person closed one
    return Outward(
        remote=upstream.settings.remote,
        base=upstream.base,
        base_commit=base,
        push_to=branch.address,
        branch=branch.name,
        commit=commit,
        repository=str(upstream.repository or ""),
        rung=rung,
        title=offer.title,
        body=offer.body,
    )


def refuse_foreign(upstream: OpenUpstream, ours: tuple[str, str], commit: str, branch: str) -> None:
    """Raise UsageError when a branch is at a commit that no plan of this person made."""
    known = {str(plan["outward"]["commit"]) for plan in plans(*ours) if "outward" in plan}
    if commit not in known:
        raise UsageError(
            f"the branch `{branch}` holds commit {commit[:12]}, which conductor did not make",
            hint="look at it; delete the branch, or name another under"
            f" `[{upstream.settings.section}] branch`",
        )
