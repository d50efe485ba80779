"""`evaluate`: a judgement of a run, reasoning first."""

from __future__ import annotations

from collections.abc import Mapping

from conductor.app.evidence import refresh_evidence
from conductor.app.project import Project
from conductor.core.evaluation import Evaluation, Rubric, check
from conductor.core.evidence import USED
from conductor.core.run import Run
from conductor.errors import UsageError

HUMAN = "human"
OUTPUT = "output"  # the rubric of runs whose spec names none


def find_run(project: Project, run_id: str) -> Run:
    """Find the run to judge: by a beginning of its id, else the newest that is due."""
    if not run_id:
        pending = project.ledger.pending()
        if not pending:
            raise UsageError(
                "no run is waiting to be judged", hint="name one: `conductor evaluate RUN`"
            )
        return pending[-1]
    run = project.ledger.run(run_id)
    if run is None:
        raise UsageError(f"there is no run `{run_id}`", hint="see `conductor report`")
    if run.status not in USED:
        raise UsageError(
            f"run `{run_id}` {run.status}: there is nothing to judge",
            hint="an outside failure is never a verdict",
        )
    return run


def rubric_of(project: Project, run: Run) -> Rubric:
    """Give the rubric that the ensemble's spec names, else `output`, else the first one."""
    rubrics = project.judging.rubrics
    entry = project.sections["ensembles"].get(run.ensemble, {})
    named = rubrics.get(entry.get("rubric", "")) or rubrics.get(OUTPUT)
    return named or next(iter(rubrics.values()))


def evaluate(
    project: Project, run: Run, record: Mapping[str, object], *, judge: str = HUMAN
) -> Evaluation:
    """Append a judgement and bring the evidence up to date.

    `record` holds reasoning, verdict and, if poor, failure_mode, in the order they were written.
    A second judgement of a run by the same judge replaces the first one in every figure.
    """
    rubric = rubric_of(project, run)
    reasoning, verdict, failure_mode = check(rubric, record)
    earlier = [one for one in project.ledger.evaluations(run_id=run.id) if one.judge == judge]
    evaluation = Evaluation(
        id=project.new_id(),
        at=project.now(),
        run=run.id,
        ensemble=run.ensemble,
        task=run.task,
        text_digest=run.text_digest,
        bound_digest=run.bound_digest,
        revision=project.judging.revision,
        rubric=rubric.name,
        rubric_revision=rubric.revision,
        judge=judge,
        judge_tokens=0,
        reasoning=reasoning,
        failure_mode=failure_mode,
        verdict=verdict,
        supersedes=earlier[-1].id if earlier else "",
    )
    project.ledger.add_evaluation(evaluation)
    refresh_evidence(project)
    return evaluation
