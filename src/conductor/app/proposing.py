"""The ladder in use: which way there is, and bringing a pull request to what the plan says."""

from __future__ import annotations

from conductor.adapters.forge import GitHub, find_gh, find_rest
from conductor.adapters.git.commits import RemoteBranch
from conductor.app.upstream import OpenUpstream
from conductor.core.forge import Rung, head_of, rung_for
from conductor.core.outward import Outward, PullRequest
from conductor.errors import ConductorError, OutsideError, UsageError


def way_to(
    upstream: OpenUpstream, branch: RemoteBranch, commit: str, *, there: str
) -> tuple[Rung, GitHub | None]:
    """Find the best rung, and the forge behind it. Reads only; nothing is pushed or opened.

    `there` is the commit that the branch is at now; empty without one.
    """
    tried = branch.try_push(commit, expected=there)
    if tried.refused and not tried.no_right:
        raise OutsideError(f"`{branch.address}` would not take the branch: {tried.refused}")
    transport, forge = None, None
    if upstream.forge == "github" and not tried.refused:
        transport, forge = _login(upstream)
    rung = rung_for(upstream.forge, transport=transport, may_push=not tried.refused)
    return rung, forge


def forge_of(upstream: OpenUpstream, rung: Rung) -> GitHub | None:
    """Open the forge again for a rung of a plan; None for one without."""
    repository = upstream.repository
    if not rung.proposes or repository is None:
        return None
    found = find_gh(repository.host) if rung is Rung.GH else find_rest(repository.host)
    if found is None:
        raise OutsideError(f"there is no login for {repository.host} any more", hint="plan again")
    return GitHub(found, repository)


def pull_request_of(forge: GitHub, upstream: OpenUpstream, branch: str) -> PullRequest | None:
    """Find the open pull request; raises UsageError when a person closed the last one."""
    found = forge.pulls(_head(upstream, branch))
    newest = next(iter(found), None)
    open_ones = [one for one in found if one.state == "open"]
    if open_ones:
        return open_ones[0]
    if newest and newest.state == "closed":
        raise UsageError(
            f"pull request {newest.number} of this branch was closed without being merged:"
            f" {newest.url}",
            hint="talk to the maintainers; a new attempt needs another"
            f" `[{upstream.settings.section}] branch`",
        )
    return None


def propose(forge: GitHub, upstream: OpenUpstream, outward: Outward) -> PullRequest:
    """Open the pull request or bring it up to date, and see that it is so."""
    seen = pull_request_of(forge, upstream, outward.branch)
    if seen is None:
        failure = _create(forge, upstream, outward)
        seen = pull_request_of(
            forge, upstream, outward.branch
        )  # also after an error: it may be there
        if seen is None:
            raise failure or OutsideError(
                "the forge took the pull request, and does not list it",
                hint="run the same command again: nothing is done twice",
            )
    if (seen.title, _lines(seen.body)) != (outward.title, _lines(outward.body)):
        forge.update(seen.number, title=outward.title, body=outward.body)
        seen = pull_request_of(forge, upstream, outward.branch) or seen
    if seen.commit != outward.commit:
        raise OutsideError(
            f"pull request {seen.number} is at {seen.commit[:12]}, not at {outward.commit[:12]}",
            hint="run the same command again in a moment",
        )
    return seen


def _create(forge: GitHub, upstream: OpenUpstream, outward: Outward) -> ConductorError | None:
    try:
        head = _head(upstream, outward.branch)
        forge.create(outward.base, head, title=outward.title, body=outward.body)
    except ConductorError as error:
        return error
    return None


def _login(upstream: OpenUpstream) -> tuple[Rung | None, GitHub | None]:
    repository = upstream.repository
    if repository is None:
        return None, None
    for rung, find in ((Rung.GH, find_gh), (Rung.REST, find_rest)):
        if transport := find(repository.host):
            forge = GitHub(transport, repository)
            forge.look()
            return rung, forge
    return None, None


def _head(upstream: OpenUpstream, branch: str) -> str:
    repository = upstream.repository
    return head_of(branch, repository, upstream.fork) if repository else branch


def _lines(text: str) -> list[str]:
    return text.strip().splitlines()  # a forge may store other line ends
