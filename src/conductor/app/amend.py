"""`learn apply --push`: a proposal as a commit, which nobody outside knows before the yes.

The branch starts from what the remote has. The workspace's own file stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from conductor.adapters import homes
from conductor.adapters.git import Mirror, repository_around
from conductor.adapters.tree import locked
from conductor.app.consents import record_yes
from conductor.app.hand_over import hand_over
from conductor.app.journal import Journal, plans
from conductor.app.learn import applicable
from conductor.app.offering import Offer, offered
from conductor.app.prepared import CarriedOut
from conductor.app.project import Project
from conductor.app.upstream import OpenUpstream, open_upstream
from conductor.core.amendment import Amendment
from conductor.core.proposal import Edit, Proposal
from conductor.errors import UsageError
from conductor.formats import amendment as text

_TARGET = "policy"  # in the journal
_MOST_BYTES = 10_000_000


def prepare(project: Project, proposal: Proposal) -> Amendment:
    """Make the commit in our mirror; nothing is pushed or opened.

    What the branch holds already by an earlier yes is planned again as it was. Raises UsageError
    where the proposal cannot be applied, and where the remote has another file than this workspace.
    """
    edit = applicable(proposal)
    upstream = open_upstream(project.settings.policy)
    branch = upstream.branch(proposal.id)
    there = branch.head()
    then = _earlier(proposal, there)
    base, at = upstream.base_for(there, then), str((then or {}).get("at") or project.now())
    path = _path(project.root, edit.file)
    _same_there(upstream, base, path, edit)
    offer = Offer(
        title=text.title(proposal),
        summary=text.summary(proposal),
        body=text.body(proposal),
        trailers={
            "Conductor-Proposal": proposal.id,
            "Conductor-Policy": project.judging.revision,
        },
        files={path: edit.new.encode()},
    )
    outward = offered(upstream, branch, offer, base=base, at=at, ours=(proposal.id, _TARGET))
    return Amendment(
        proposal=proposal,
        edit=edit,
        path=path,
        at=at,
        policy=project.judging.revision,
        outward=outward,
    )


def carry_out(project: Project, plan: Amendment, *, consent: str) -> CarriedOut:
    """Push and propose exactly that commit; `consent` is what the person said."""
    with locked(f"{homes.state()}/promotion.lock", "a promotion"):
        journal = Journal(plan.proposal.id, _TARGET, plan.digest)
        journal.note("opened", plan=plan.document(), consent=consent)
        record_yes(project, "proposal", plan.digest, way="terminal")
        carried = hand_over(project, project.settings.policy, plan.outward, journal)
        journal.close()
    return carried


def _earlier(proposal: Proposal, there: str) -> Mapping[str, Any] | None:
    """Find the plan, already said yes to, whose commit the branch is at."""
    said = [one for one in plans(proposal.id, _TARGET) if one["outward"]["commit"] == there]
    return said[-1] if said else None


def _path(root: str, file: str) -> str:
    """Say where a file of the workspace stands in the repository around it."""
    here = Path(root).resolve()
    top = repository_around(root)
    prefix = here.relative_to(top).as_posix() if top else "."
    return file if prefix == "." else f"{prefix}/{file}"


def _same_there(upstream: OpenUpstream, base: str, path: str, edit: Edit) -> None:
    """Raise UsageError when what the proposal would change is not what the remote has."""
    data = _read(upstream.mirror, base, path)
    if data != (edit.old.encode() if edit.owned else None):
        missing = "does not have" if data is None else "has another version of"
        raise UsageError(
            f"`{upstream.base}` of `{upstream.settings.remote}` {missing} `{path}`",
            hint="bring the two together first: push or pull, then look at the proposal again",
        )


def _read(mirror: Mirror, commit: str, path: str) -> bytes | None:
    found = [one for one in mirror.entries(commit) if one.path == path]
    if found and not found[0].is_file:
        raise UsageError(f"`{path}` is no regular file there", hint="look at the remote")
    return mirror.read(found, most=_MOST_BYTES).get(path)
