"""`runs`: what was run, one by one."""

from __future__ import annotations

from dataclasses import dataclass

from conductor.app.ledger import time_of
from conductor.app.project import Project
from conductor.core.evaluation import Evaluation
from conductor.core.run import Run
from conductor.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which runs to list; what is empty does not matter."""

    ensemble: str = ""
    status: str = ""
    task: str = ""  # with the types below it
    since: str = ""  # a day, a time or so many days ago
    due: bool = False  # only those that wait to be judged
    limit: int = 20  # the newest so many


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A run with what was judged about it, and its texts as far as they are kept."""

    run: Run
    evaluations: tuple[Evaluation, ...]
    input: str | None = None
    output: str | None = None


def runs(project: Project, wanted: Wanted) -> tuple[Shown, ...]:
    """List runs that fit, the newest first."""
    since = time_of(wanted.since) if wanted.since else ""
    if wanted.due:
        pending = [one for one in project.ledger.pending() if _fits(one, wanted, since)]
        found = pending[-wanted.limit :]
    else:
        found = project.ledger.runs(
            ensemble=wanted.ensemble,
            status=wanted.status,
            task=wanted.task,
            since=since,
            limit=wanted.limit,
        )
    return tuple(Shown(run=one, evaluations=_judged(project, one)) for one in reversed(found))


def show(project: Project, run_id: str) -> Shown:
    """Find one run by a beginning of its id; raises UsageError when there is none."""
    run = project.ledger.run(run_id)
    if run is None:
        raise UsageError(f"there is no run `{run_id}`", hint="see `conductor runs list`")
    output = project.ledger.content(run.output_digest) if run.output_digest else None
    return Shown(
        run=run,
        evaluations=_judged(project, run),
        input=project.ledger.content(run.input_digest),
        output=output,
    )


def _fits(run: Run, wanted: Wanted, since: str) -> bool:
    return (
        wanted.ensemble in ("", run.ensemble)
        and wanted.status in ("", run.status)
        and (not wanted.task or f"{run.task}.".startswith(f"{wanted.task}."))
        and run.at >= since
    )


def _judged(project: Project, run: Run) -> tuple[Evaluation, ...]:
    return tuple(project.ledger.evaluations(run_id=run.id))
