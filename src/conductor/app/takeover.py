"""Where a local judge stands, and what the ledger notes when that changes."""

from __future__ import annotations

from dataclasses import dataclass

from conductor.app.calibrate import calibrate
from conductor.app.evidence import refresh_evidence
from conductor.app.project import Project
from conductor.core.entries import CanaryVerdict, Context, Transition
from conductor.core.takeover import Canaries, JudgeState, canaries, disabled_after, settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    judge: str
    state: JudgeState
    reason: str
    canaries: Canaries  # since it was disabled, if it was
    fit: bool  # nothing is lacking but a person's word


def settle_judge(project: Project, judge: str, bound_digest: str = "") -> Standing:
    """Work out the state of a local judge; a change is noted, and figures follow it.

    To be called before its first judgement: until a state is noted, nobody knows of the judge.
    """
    ledger = project.ledger
    changes = ledger.entries(Transition, ensemble=judge)
    after = disabled_after(changes, judge)
    planted = canaries(ledger.entries(CanaryVerdict, ensemble=judge), judge, after)
    lacking = calibrate(project, judge).missing
    state, reason = settled(project.judging.handover, judge, lacking, planted, disabled=bool(after))
    last = changes[-1] if changes else None
    if last is None or last.state != state:
        ledger.add(
            Transition(
                id=project.new_id(),
                at=project.now(),
                context=Context(
                    ensemble=judge,
                    bound_digest=bound_digest or (last.context.bound_digest if last else ""),
                    revision=project.judging.revision,
                ),
                state=str(state),
                run="",
                reason=reason,
            )
        )
        refresh_evidence(project)
    elif state is JudgeState.DISABLED:
        reason = f"{last.reason}; since then {reason}" if lacking else last.reason
    return Standing(judge=judge, state=state, reason=reason, canaries=planted, fit=not lacking)
