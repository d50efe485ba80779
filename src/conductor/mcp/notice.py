"""What waits for somebody, told once per session; hooks ask with every prompt."""

from __future__ import annotations

import json

from conductor.adapters import files
from conductor.app.evaluate import texts_of
from conductor.app.wire import Json
from conductor.core.run import short_id
from conductor.mcp.arguments import Given
from conductor.mcp.call import Call
from conductor.mcp.session import Session

_LAST = 3


def notice(session: Session, given: Given, call: Call) -> Json:
    """Give facts, not orders; an empty text costs no context."""
    if files.find_workspace(session.folder) is None:
        return {"text": ""}
    return {"text": _waiting(session)}


def hook_output(text: str) -> str:
    """Give what the hook of a prompt answers: context for the model, if there is something.

    Without `suppressOutput` the client would tell the model that a hook ran.
    """
    context = {"hookEventName": "UserPromptSubmit", "additionalContext": text}
    return json.dumps({"suppressOutput": True, **({"hookSpecificOutput": context} if text else {})})


def _waiting(session: Session) -> str:
    """Say once what waits; kept texts are looked for only when that has changed."""
    with session.project() as project:
        pending = project.ledger.pending()
        ids = tuple(run.id for run in pending)
        if not ids or ids in session.told:
            return ""
        session.told.add(ids)
        newest = pending[-_LAST:]
        seen = [run for run in newest if run.id in session.texts or texts_of(project, run).whole]
    runs = "1 run waits" if len(pending) == 1 else f"{len(pending)} runs wait"
    if seen:
        return f"conductor: {runs} to be judged ({', '.join(short_id(run.id) for run in seen)})."
    # A model that has not seen the texts must not judge them.
    return f"conductor: {runs} for a person's judgement (`conductor evaluate`)."
