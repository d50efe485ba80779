"""Demoting from the library: a commit that removes or deprecates, proposed as a promotion is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from conductor.adapters import files, inside
from conductor.app.collect import ensemble_path
from conductor.app.library import EVIDENCE, path_of_member, tier_at, users_of
from conductor.app.marking import content, marked, require
from conductor.app.offering import Offer, offered
from conductor.app.project import Project
from conductor.app.tier_folder import TierFolder
from conductor.app.upstream import open_upstream
from conductor.core.closure import Kind, Member, close
from conductor.core.demotion import Act, Demotion, Wish
from conductor.core.deprecation import path_of
from conductor.core.digest import digest_bytes
from conductor.formats import demotion_request

_TOPICS = {Act.REMOVE: "removal", Act.DEPRECATE: "deprecation", Act.RENEW: "renewal"}


def plan(project: Project, wish: Wish, at: str, then: Mapping[str, Any] | None = None) -> Demotion:
    """Plan; `then` is the document of an earlier plan that may be carried on.

    Raises UsageError for what is not there, and for what stands in the way outside.
    """
    library = open_upstream(project.settings.library)
    branch = library.branch(f"{wish.ensemble}-{_TOPICS[wish.act]}")
    base = library.base_for(branch.head(), then)
    made = Demotion(wish=wish, place=library.settings.remote, at=at)
    with tier_at(library.mirror, base) as tier:
        made = _removal(tier, made) if wish.act is Act.REMOVE else marked(tier, made)
    if not made.possible:
        return made
    offer = Offer(
        title=demotion_request.title(made),
        summary=demotion_request.summary(made),
        body=demotion_request.body(made),
        trailers={"Conductor-Demotion": str(wish.act)},
        files={path: content(made) for path in made.written} | dict.fromkeys(made.removed),
    )
    ours = (wish.ensemble, f"from-{wish.tier}")
    return replace(made, outward=offered(library, branch, offer, base=base, at=at, ours=ours))


def _removal(tier: TierFolder, made: Demotion) -> Demotion:
    """Take out what only this ensemble needs, and all that is said about it."""
    name, own = made.ensemble, ensemble_path(made.ensemble)
    require(tier, name, made)
    opened = tier.yaml(own)
    closure = close(name, opened.read.data if opened else {}, tier.shelf)
    parts = {one.name for one in closure.members if _is_part(tier, one)}
    users = users_of(tier, parts | {name})
    needed = sorted({path_of_member(tier, one) for one in closure.members} - {"", own})
    kept = {path: users[path] for path in needed if path in users}
    said = [*files.list_files(tier.root, f"{EVIDENCE}/{name}"), path_of(name)]
    leaving = [own, *(path for path in needed if path not in kept), *said]
    return replace(
        made,
        removed={path: digest_bytes(data) for path, data in _contents(tier, leaving)},
        kept=kept,
        needed_by=users.get(own, ()),
    )


def _is_part(tier: TierFolder, member: Member) -> bool:
    """Tell whether an ensemble is there for another one's sake: nobody vouches for it alone."""
    alone = files.list_files(tier.root, f"{EVIDENCE}/{member.name}")
    return member.kind is Kind.ENSEMBLE and not alone


def _contents(tier: TierFolder, paths: list[str]) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        data = inside.read(tier.root, path)
        if data is not None:
            yield path, data
