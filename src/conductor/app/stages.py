"""Where the present form of an ensemble is in its life, and what the ledger notes of a change."""

from __future__ import annotations

from dataclasses import dataclass

from conductor.app.project import Project
from conductor.core.entries import Context, Feedback, Transition
from conductor.core.evidence import USED, Since, leading
from conductor.core.ports import Ledger
from conductor.core.run import RunStatus
from conductor.core.sampling import Known, State, established, stage
from conductor.core.sequential import Alarm, alarm

_WINDOW = 200  # uses that drift is looked for in: what is older has been looked at before


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form of an ensemble with what is known about it."""

    ensemble: str
    bound_digest: str
    known: Known
    changes: tuple[Transition, ...]  # oldest first


def form_of(project: Project, ensemble: str, bound_digest: str) -> Form:
    """Count what is known about a form, since it drifted if it did."""
    ledger = project.ledger
    changes = tuple(
        one
        for one in ledger.entries(Transition, ensemble=ensemble)
        if one.context.bound_digest == bound_digest
    )
    since = since_drift(ledger, changes)
    if since is None:
        usage = ledger.usage(bound_digest=bound_digest)
        since = Since(
            uses=sum(one.runs for one in usage if one.status in USED),
            tallies=ledger.tallies([bound_digest]),
        )
    judged = leading(since.tallies.get(bound_digest, ()))
    known = Known(
        uses=since.uses,
        judged=judged.judged,
        accepted=judged.accepted,
        drifted=since.reason,
    )
    return Form(ensemble=ensemble, bound_digest=bound_digest, known=known, changes=changes)


def since_drift(ledger: Ledger, changes: tuple[Transition, ...]) -> Since | None:
    """Count anew after the last drift; None when the form never drifted."""
    drifts = [one for one in changes if one.state == State.DRIFTING]
    if not drifts:
        return None
    last, digest = drifts[-1], drifts[-1].context.bound_digest
    uses = ledger.uses(digest, after=last.run)
    return Since(
        reason=last.reason,
        uses=len(uses),
        rejected=sum(status is RunStatus.REJECTED for _, status in uses),
        tallies=ledger.tallies([digest], after=last.run),
    )


def settle(project: Project, ensemble: str, bound_digest: str) -> None:
    """Note it when a form has become established, or when an established one has drifted.

    To be called after every use, judgement and complaint.
    """
    form, sampling = form_of(project, ensemble, bound_digest), project.judging.sampling
    if not established(sampling, form.known):
        return
    last = form.changes[-1] if form.changes else None
    if last is None or last.state != State.ESTABLISHED:
        reason = stage(sampling, form.known).reason
        _note(project, form, State.ESTABLISHED, reason, after=last.run if last else "")
        return
    uses = project.ledger.uses(bound_digest, after=last.run, limit=_WINDOW)
    complaints = {
        one.run for one in project.ledger.entries(Feedback, ensemble=ensemble) if one.negative
    }
    signs = [status is RunStatus.REJECTED or run in complaints for run, status in uses]
    if found := alarm(sampling.drift, signs):
        _note(project, form, State.DRIFTING, _drifted(found), after=last.run)


def _drifted(found: Alarm) -> str:
    return f"{found.signs} of {found.uses} uses failed a check or brought a complaint"


def _note(project: Project, form: Form, state: State, reason: str, *, after: str) -> None:
    newest = project.ledger.uses(form.bound_digest, after=after, limit=1)
    project.ledger.add(
        Transition(
            id=project.new_id(),
            at=project.now(),
            context=Context(
                ensemble=form.ensemble,
                bound_digest=form.bound_digest,
                revision=project.judging.revision,
            ),
            state=str(state),
            run=newest[-1][0] if newest else after,
            reason=reason,
        )
    )
