"""What a run leaves in the ledger, however it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from conductor import __version__
from conductor.adapters import clock
from conductor.app.closures import remember
from conductor.app.ensembles import Loaded
from conductor.app.evidence import refresh_evidence
from conductor.app.project import Project
from conductor.app.settings import EMBEDDED
from conductor.app.stages import form_of, settle
from conductor.core.checks import passed
from conductor.core.digest import digest_bytes
from conductor.core.evidence import USED
from conductor.core.execution import Binding, Outcome
from conductor.core.policy import PREPARE, Decision
from conductor.core.prediction import Prediction
from conductor.core.recording import REPLAY
from conductor.core.run import Check, Run, RunStatus
from conductor.core.sampling import Due, draw, due
from conductor.core.tokens import CONDENSED, ESTIMATOR, estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A run that is about to begin."""

    run_id: str
    loaded: Loaded
    task: str  # the finest type that is known; empty: none
    input: str
    bound: Mapping[str, Binding]  # what is embedded has no address yet
    decision: Decision  # what the policy says about this task and input
    decision_id: str  # in decisions.jsonl; empty: the ensemble was named by hand
    prediction: Prediction

    @property
    def needs_embedded(self) -> bool:
        return any(one.provider == EMBEDDED for one in self.bound.values())


@dataclass(slots=True, kw_only=True)
class Attempt:
    """What is known about a run so far; it grows while the run goes on."""

    plan: Plan
    began: float
    seconds: float | None = None  # wall time, where it ended before it is recorded
    engine: str = "llm-orc"
    engine_version: str = ""
    outcome: Outcome | None = None
    checks: tuple[Check, ...] = ()
    interrupted: bool = False


def record(project: Project, attempt: Attempt, error: str) -> Run:
    """Append the row and bring the evidence up to date. `error` is empty when nothing failed.

    A replay is described in the same way, and leaves nothing.
    """
    run = _row(project, attempt, error)
    if run.engine == REPLAY:
        return _replayed(run, attempt)
    keep = project.settings.keep_contents
    output = attempt.outcome.output if attempt.outcome else ""
    project.ledger.add_run(
        run,
        input_text=attempt.plan.input if keep else None,
        output_text=output if keep and output else None,
    )
    if project.settings.keep_days:
        project.ledger.forget(before=clock.days_ago(project.settings.keep_days))
    remember(
        project.root,
        run.bound_digest,
        attempt.plan.loaded.closure.bound_members(attempt.plan.bound),
    )
    settle(project, run.ensemble, run.bound_digest)
    refresh_evidence(project)
    return run


def _replayed(run: Run, attempt: Attempt) -> Run:
    """Say of a replay what was true of the run that was recorded, and that it counts nowhere."""
    outcome = attempt.outcome
    agents = outcome.agents if outcome else ()
    return replace(
        run,
        models=tuple(sorted({(one.profile, one.model) for one in agents if one.model})),
        seconds=outcome.seconds if outcome else 0.0,
        predicted_seconds=0.0,
        claude_tokens=0,
        delta_tokens=0,
        due=False,
        due_reason="a replay is no use of an ensemble",
    )


def models_of(bound: Mapping[str, Binding]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, binding.model) for name, binding in bound.items()))


def _row(project: Project, attempt: Attempt, error: str) -> Run:
    plan, outcome = attempt.plan, attempt.outcome
    output = outcome.output if outcome else ""
    local = (outcome.input_tokens, outcome.output_tokens) if outcome else (0, 0)
    status = _status(attempt, error)
    percent = project.sections["models"]["claude_tokens"]["percent"]
    claude, estimator = _estimated(plan, output, status, percent)
    bound_digest = plan.loaded.closure.bound_digest(plan.bound)
    judging = _due(project, plan, bound_digest, status)
    return Run(
        id=plan.run_id,
        at=project.now(),
        ensemble=plan.loaded.name,
        task=plan.task,
        outcome=plan.decision.outcome,
        rule=plan.decision.rule,
        decision=plan.decision_id,
        revision=project.policy.revision,
        text_digest=plan.loaded.closure.text_digest,
        bound_digest=bound_digest,
        models=models_of(plan.bound),
        engine=attempt.engine,
        engine_version=attempt.engine_version,
        conductor_version=__version__,
        status=status,
        error=error,
        checks=attempt.checks,
        agents=tuple(replace(one, output="") for one in outcome.agents) if outcome else (),
        input_digest=digest_bytes(plan.input.encode()),
        output_digest=digest_bytes(output.encode()) if output else "",
        input_tokens=local[0],
        output_tokens=local[1],
        seconds=round(attempt.seconds or clock.stopwatch() - attempt.began, 3),
        predicted_seconds=round(plan.prediction.seconds, 3),
        claude_tokens=claude,
        estimator=estimator,
        delta_tokens=claude - sum(local),
        due=judging.due,
        due_reason=judging.reason,
        draw=judging.draw,
    )


def _estimated(plan: Plan, output: str, status: RunStatus, percent: int) -> tuple[int, str]:
    """Estimate what Claude would have written, or reads less where it judges a brief.

    The second part says which. A brief that failed spares nothing: its own length is what counts.
    """
    length = estimate(output)
    if plan.decision.outcome == PREPARE and status is RunStatus.SUCCEEDED:
        spared = max(0, estimate(plan.input) - length)
        return spared * percent // 100, f"{CONDENSED}@{percent}%"
    return length * percent // 100, f"{ESTIMATOR}@{percent}%"


def _status(attempt: Attempt, error: str) -> RunStatus:
    if attempt.interrupted:
        return RunStatus.INTERRUPTED
    if error or attempt.outcome is None:
        return RunStatus.FAILED
    return RunStatus.SUCCEEDED if passed(attempt.checks) else RunStatus.REJECTED


def _due(project: Project, plan: Plan, bound_digest: str, status: RunStatus) -> Due:
    if status not in USED:
        reason = f"{status}: there is nothing to judge"
        return Due(due=False, reason=reason, draw=draw(plan.run_id))
    form = form_of(project, plan.loaded.name, bound_digest)
    return due(project.judging.sampling, plan.run_id, form.known)
