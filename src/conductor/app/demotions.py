"""What the ledger keeps of a demotion."""

from __future__ import annotations

import json

from conductor.app.project import Project
from conductor.core.demotion import Act, Demotion
from conductor.core.entries import Context, Promotion
from conductor.core.tier import Tier

_ACTS = {Act.REMOVE: "demoted", Act.DEPRECATE: "deprecated", Act.RENEW: "renewed"}


def note_demotion(project: Project, plan: Demotion, *, place: str) -> None:
    """Note, once, what was carried out, or `proposed` to the library."""
    noted = project.ledger.entries(Promotion, ensemble=plan.ensemble)
    if any(one.plan == plan.digest for one in noted):
        return  # by the application that was interrupted
    act = _ACTS[plan.wish.act]
    leaves = plan.wish.act is Act.REMOVE and plan.tier is Tier.GLOBAL
    project.ledger.add(
        Promotion(
            id=project.new_id(),
            at=project.now(),
            context=context_of(plan),
            act="proposed" if plan.outward else act,
            from_tier=str(plan.tier),
            to_tier="local" if leaves else str(plan.tier),
            plan=plan.digest,
            commit=plan.outward.commit if plan.outward else "",
            place=place,
            detail=json.dumps(
                {
                    "act": act,
                    "reason": plan.wish.reason,
                    "replaced_by": plan.wish.replaced_by or None,
                }
            ),
        )
    )


def context_of(plan: Demotion) -> Context:
    """Say what a plan was about."""
    return Context(ensemble=plan.ensemble)
