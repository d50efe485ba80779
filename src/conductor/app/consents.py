"""The record of what people said yes and no to: exactly what was shown, when, and how."""

from __future__ import annotations

import getpass

from conductor.app.prepared import Prepared
from conductor.app.project import Project
from conductor.app.promotions import context_of
from conductor.core.entries import Consent, Context


def record(project: Project, prepared: Prepared, *, granted: bool, way: str) -> None:
    """Append a person's answer about a plan to the ledger."""
    plan = prepared.plan
    project.ledger.add(
        Consent(
            id=project.new_id(),
            at=project.now(),
            context=context_of(plan),
            subject="plan",
            digest=plan.digest,
            granted=granted,
            way=f"{way} user={_user()}",
        )
    )


def record_yes(project: Project, subject: str, digest: str, *, way: str) -> None:
    """Append a person's yes to something that is about no single ensemble."""
    project.ledger.add(
        Consent(
            id=project.new_id(),
            at=project.now(),
            context=Context(revision=project.judging.revision),
            subject=subject,
            digest=digest,
            granted=True,
            way=f"{way} user={_user()}",
        )
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no name for this number, or no numbers here
        return "unknown"
