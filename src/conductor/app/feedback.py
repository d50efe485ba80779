"""`feedback`: a person's word on a run. A complaint makes the run due, whatever the draw said."""

from __future__ import annotations

from dataclasses import replace

from conductor.app.evidence import refresh_evidence
from conductor.app.project import Project
from conductor.app.stages import settle
from conductor.core.digest import digest_bytes
from conductor.core.entries import Context, Feedback
from conductor.core.run import Run

COMPLAINT = "somebody complained"


def give_feedback(project: Project, run: Run, *, negative: bool, text: str = "") -> Feedback:
    """Append a word on a run; the words themselves are kept, because they are given for that."""
    feedback = Feedback(
        id=project.new_id(),
        at=project.now(),
        context=Context(
            ensemble=run.ensemble,
            text_digest=run.text_digest,
            bound_digest=run.bound_digest,
            models=run.models,
            engine=run.engine,
            engine_version=run.engine_version,
            revision=project.judging.revision,
        ),
        run=run.id,
        negative=negative,
        note=digest_bytes(text.encode()) if text else "",
    )
    project.ledger.add(feedback, text=text or None)
    if negative:
        settle(project, run.ensemble, run.bound_digest)
        refresh_evidence(project)
    return feedback


def waiting(project: Project) -> tuple[Run, ...]:
    """List the runs that wait to be judged, each with the reason why, oldest first."""
    runs = project.ledger.pending()
    if not runs:
        return ()
    complaints = {one.run: one for one in project.ledger.entries(Feedback) if one.negative}
    return tuple(_due(project, run, complaints.get(run.id)) for run in runs)


def complained(run: Run) -> bool:
    """Tell whether a run that waits does so because somebody complained."""
    return run.due_reason.startswith(COMPLAINT)


def _due(project: Project, run: Run, complaint: Feedback | None) -> Run:
    if complaint is None:
        return run
    words = project.ledger.content(complaint.note) if complaint.note else None
    return replace(run, due=True, due_reason=f"{COMPLAINT}: {words}" if words else COMPLAINT)
