"""What the ledger keeps of a promotion: what was carried out, under which plan."""

from __future__ import annotations

from conductor.app.project import Project
from conductor.core.entries import Context, Promotion
from conductor.core.plan import Plan


def note_promotion(project: Project, plan: Plan, *, place: str) -> None:
    """Note, once, what was carried out: `applied` to a tier of this machine, or `proposed`."""
    noted = project.ledger.entries(Promotion, ensemble=plan.ensemble)
    if any(one.plan == plan.digest for one in noted):
        return  # by the application that was interrupted
    project.ledger.add(
        Promotion(
            id=project.new_id(),
            at=project.now(),
            context=context_of(plan),
            act="proposed" if plan.outward else "applied",
            from_tier=str(plan.source),
            to_tier=str(plan.target),
            plan=plan.digest,
            commit=plan.outward.commit if plan.outward else "",
            place=place,
        )
    )


def context_of(plan: Plan) -> Context:
    """Say what a plan was true of."""
    return Context(
        ensemble=plan.ensemble,
        text_digest=plan.readiness.text_digest,
        bound_digest=plan.readiness.bound_digest,
        revision=plan.policy,
    )
