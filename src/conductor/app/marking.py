"""A deprecation, or its end, as a plan: the same in tier global and in a library."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from conductor.adapters import inside
from conductor.app.collect import ensemble_path
from conductor.app.deprecations import deprecations_in
from conductor.app.library import users_of
from conductor.app.tier_folder import TierFolder
from conductor.compiler.problems import nearest
from conductor.core.demotion import Act, Demotion
from conductor.core.deprecation import deprecation_text, path_of
from conductor.core.digest import digest_bytes
from conductor.errors import UsageError


def marked(tier: TierFolder, plan: Demotion) -> Demotion:
    """Add to a plan what it writes or removes; raises UsageError for what is not in the tier."""
    wish, there = plan.wish, deprecations_in(tier.root)
    for name in filter(None, (wish.ensemble, wish.replaced_by)):
        require(tier, name, plan)
    path = path_of(wish.ensemble)
    if wish.act is Act.RENEW:
        if wish.ensemble not in there:
            raise UsageError(f"`{wish.ensemble}` is not deprecated in tier {wish.tier}")
        data = inside.read(tier.root, path) or b""
        return replace(plan, removed={path: digest_bytes(data)})
    if wish.replaced_by in there:
        raise UsageError(
            f"`{wish.replaced_by}` is {there[wish.replaced_by].advice}",
            hint="name one that is to be used",
        )
    return replace(
        plan,
        written={path: digest_bytes(content(plan))},
        needed_by=users_of(tier, {wish.ensemble}).get(ensemble_path(wish.ensemble), ()),
    )


def content(plan: Demotion) -> bytes:
    """Give the bytes of the file that a deprecation writes."""
    return deprecation_text(plan.wish.deprecation(plan.at)).encode()


def require(tier: TierFolder, name: str, plan: Demotion) -> None:
    """Raise UsageError, with the nearest name, when an ensemble is not in the tier."""
    known = [PurePosixPath(path).stem for path in tier.ensembles()]
    if name not in known:
        hint = nearest(name, known) if known else "conductor status"
        raise UsageError(f"there is no ensemble `{name}` in tier {plan.tier}", hint=hint)
