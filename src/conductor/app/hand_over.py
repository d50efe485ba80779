"""Carrying a contribution out: observe, act, observe again; what is there already is not redone."""

from __future__ import annotations

from conductor.adapters import files
from conductor.adapters.git.commits import RemoteBranch, bundle, patch
from conductor.adapters.tree import Tree
from conductor.app.journal import Journal
from conductor.app.offering import refuse_foreign
from conductor.app.prepared import CarriedOut
from conductor.app.project import Project
from conductor.app.proposing import forge_of, propose
from conductor.app.settings import Upstream
from conductor.app.upstream import OpenUpstream, open_upstream
from conductor.core.forge import Rung, compare_url, head_of, push_options
from conductor.core.outward import Outward
from conductor.errors import OutsideError, UsageError

_AGAIN = "plan again: the same command shows what it would be now"
_FOLDER = f"{files.PRIVATE}/contributions"
_ONE_LINE = "see the commit's message and the files of this branch"


def hand_over(
    project: Project, settings: Upstream, outward: Outward, journal: Journal
) -> CarriedOut:
    """Push and propose what the plan says, or write it to files. The yes was given before."""
    upstream = open_upstream(settings)
    if not outward.rung.pushes:
        return _files(project, upstream, outward, journal)
    branch = upstream.pushed(outward.branch)
    _push(upstream, branch, outward, journal)
    journal.note("pushed", branch=branch.name, commit=outward.commit)
    if forge := forge_of(upstream, outward.rung):
        request = propose(forge, upstream, outward)
        journal.note("proposed", number=request.number, url=request.url)
        return CarriedOut(place=request.url)
    return CarriedOut(place=f"{branch.name} at {branch.address}", next=_next(upstream, outward))


def _push(upstream: OpenUpstream, branch: RemoteBranch, outward: Outward, journal: Journal) -> None:
    there = branch.head()
    if there == outward.commit:
        return
    if upstream.base != outward.base:
        raise UsageError(
            f"contributions go to `{upstream.base}` now, and this one was planned for"
            f" `{outward.base}`",
            hint=_AGAIN,
        )
    if upstream.commit != outward.base_commit:
        raise UsageError(
            f"`{upstream.base}` moved from {outward.base_commit[:12]} to {upstream.commit[:12]}"
            " after the plan was made",
            hint=_AGAIN,
        )
    if there:
        refuse_foreign(upstream, (journal.subject, journal.target), there, branch.name)
    options: tuple[str, ...] = ()
    if outward.rung is Rung.PUSH_OPTIONS:
        options = push_options(outward.base, title=outward.title, description=_ONE_LINE)
    pushed = branch.push(outward.commit, expected=there, options=options)
    now = branch.head()  # also after a refusal: the answer may have been lost on its way
    if now != outward.commit:
        why = pushed.refused or "it took the branch, and does not have it"
        raise OutsideError(
            f"`{branch.address}` does not have the contribution: {why}",
            hint="run the same command again: nothing is done twice",
        )


def _next(upstream: OpenUpstream, outward: Outward) -> str:
    repository = upstream.repository
    if outward.rung is Rung.PUSH_OPTIONS:
        return "GitLab opens the merge request"
    if outward.rung is not Rung.COMPARE or repository is None:
        return "tell the maintainers of the branch; its commit says all that they need"
    head = head_of(outward.branch, repository, upstream.fork)
    where = compare_url(repository, outward.base, head, title=outward.title, body=outward.body)
    return f"open the pull request here: {where}"


def _files(
    project: Project, upstream: OpenUpstream, outward: Outward, journal: Journal
) -> CarriedOut:
    """Write what one can send: a patch, a bundle, and the text that goes with them."""
    stem = f"{_FOLDER}/{outward.branch.replace('/', '-')}-{outward.commit[:12]}"
    tree, base = Tree(project.root), outward.base_commit
    tree.write(f"{stem}.patch", patch(upstream.mirror, base, outward.commit))
    tree.write(f"{stem}.bundle", bundle(upstream.mirror, base, outward.commit, outward.branch))
    tree.write(f"{stem}.md", f"# {outward.title}\n\n{outward.body}".encode())
    journal.note("written", patch=f"{stem}.patch", commit=outward.commit)
    return CarriedOut(
        place=f"{stem}.patch",
        next="send it to the maintainers: `git am` takes it, `git fetch` the bundle beside it",
    )
