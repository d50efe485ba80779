"""`demote`: the way back out of a tier, as a plan; in between stands the yes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conductor.adapters import homes
from conductor.adapters.tree import locked
from conductor.app import demote_global
from conductor.app.collect import check_name
from conductor.app.demotions import note_demotion
from conductor.app.journal import Journal, unfinished
from conductor.app.plans import document_in, none_such, still_holds
from conductor.app.prepared import CarriedOut
from conductor.app.project import Project
from conductor.core.demotion import Act, Demotion, Wish
from conductor.core.deprecation import LONGEST_REASON
from conductor.core.tier import Tier
from conductor.errors import OutsideError, UsageError


def prepare(project: Project, wish: Wish, *, then: Mapping[str, Any] | None = None) -> Demotion:
    """Plan; nothing is written. `then` is the document of a plan to be made again.

    What was interrupted is planned again as it was, where nothing changed since. Raises UsageError
    for what is not there, or cannot be wished for.
    """
    _check(wish)
    if then is not None:
        return _plan(project, wish, str(then["at"]), then)
    opened = unfinished(wish.ensemble, _target(wish.tier))
    if opened is not None and _wish(opened) == wish:
        again = _plan(project, wish, str(opened["at"]), opened)
        if again.document() == opened:
            return again
    return _plan(project, wish, project.now(), None)


def from_text(project: Project, text: str, name: str, tier: Tier) -> Demotion:
    """Make a plan that was written down again; raises UsageError when it no longer holds."""
    document = document_in(text)
    wish = _wish(document)
    if (wish.ensemble, wish.tier) != (name, tier):
        raise UsageError(f"this plan is about `{wish.ensemble}` from {wish.tier}")
    plan = prepare(project, wish, then=document)
    still_holds(document, plan, closed=_journal(plan).closed)
    return plan


def apply(project: Project, plan: Demotion, *, consent: str) -> CarriedOut:
    """Carry out what a person said yes to; interrupted, the same command finishes it.

    `consent` is what they said. Raises OutsideError when the tier is not what the plan saw.
    """
    with locked(f"{homes.state()}/promotion.lock", "a promotion"):
        journal = _journal(plan)
        if plan.outward is None:
            if _plan(project, plan.wish, plan.at, plan.document()) != plan:
                raise OutsideError("the tier changed after the plan was made", hint="plan again")
            journal.note("opened", plan=plan.document(), consent=consent)
            carried = CarriedOut(place=demote_global.carry_out(plan))
        else:
            from conductor.app.hand_over import hand_over  # git costs a quarter of a second

            journal.note("opened", plan=plan.document(), consent=consent)
            carried = hand_over(project, project.settings.library, plan.outward, journal)
        note_demotion(project, plan, place=carried.place)
        journal.close()
    return carried


def _plan(project: Project, wish: Wish, at: str, then: Mapping[str, Any] | None) -> Demotion:
    if wish.tier is Tier.LIBRARY:
        from conductor.app.demote_library import plan  # git costs a quarter of a second

        return plan(project, wish, at, then)
    return demote_global.plan(wish, at, then)


def _check(wish: Wish) -> None:
    check_name(wish.ensemble)
    if wish.replaced_by:
        check_name(wish.replaced_by)
    if wish.replaced_by and wish.act is not Act.DEPRECATE:
        raise UsageError("what is removed has no replacement", hint="add `--deprecate`")
    if wish.replaced_by == wish.ensemble:
        raise UsageError("an ensemble does not replace itself", hint="name another one")
    told = wish.reason.strip() or wish.act is Act.RENEW  # its end needs no reason
    if not told or len(wish.reason) > LONGEST_REASON:
        raise UsageError(f"a reason has 1 to {LONGEST_REASON} characters", hint="see `--reason`")


def _wish(document: Mapping[str, Any]) -> Wish:
    try:
        return Wish(
            ensemble=str(document["ensemble"]),
            tier=Tier(document["from"]),
            act=Act(document["act"]),
            reason=str(document["reason"]),
            replaced_by=str(document["replaced_by"] or ""),
        )
    except (KeyError, ValueError) as error:
        raise none_such() from error


def _journal(plan: Demotion) -> Journal:
    return Journal(plan.ensemble, _target(plan.tier), plan.digest)


def _target(tier: Tier) -> str:
    return f"from-{tier}"
