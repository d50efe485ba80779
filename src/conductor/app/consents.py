"""The record of what people said yes and no to: exactly what was shown, when, and how."""

from __future__ import annotations

import getpass

from conductor.app.project import Project
from conductor.core.entries import Consent, Context

SCRIPT = "script"  # what is said yes to once for a digest, whatever ensemble it comes with


def record(
    project: Project, subject: str, digest: str, *, context: Context, granted: bool, way: str
) -> None:
    """Append a person's answer to the ledger; `subject` says what kind of thing was shown."""
    project.ledger.add(
        Consent(
            id=project.new_id(),
            at=project.now(),
            context=context,
            subject=subject,
            digest=digest,
            granted=granted,
            way=f"{way} user={_user()}",
        )
    )


def trusted(project: Project) -> frozenset[str]:
    """Give the digests of the scripts that somebody here said yes to."""
    said = project.ledger.entries(Consent)
    return frozenset(one.digest for one in said if one.subject == SCRIPT and one.granted)


def record_yes(project: Project, subject: str, digest: str, *, way: str) -> None:
    """Append a person's yes to something that is about no single ensemble."""
    context = Context(revision=project.judging.revision)
    record(project, subject, digest, context=context, granted=True, way=way)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no name for this number, or no numbers here
        return "unknown"
