"""`conductor evaluate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conductor.app import wire
from conductor.cli import ask, show
from conductor.cli.judging import answers
from conductor.errors import Missing, UsageError

if TYPE_CHECKING:
    from conductor.app.project import Project
    from conductor.core.evaluation import Evaluation, Rubric
    from conductor.core.run import Run

_SHORT = 12
_PREVIEW = 3_000  # characters of an input that a judge is shown


@click.command(name="evaluate")
@click.argument("run_id", required=False, default="", metavar="[RUN]")
@click.option("--pending", is_flag=True, help="Judge every run that is waiting, oldest first.")
@click.option("--reasoning", metavar="TEXT", help="What in the output decides.")
@click.option("--verdict", metavar="VERDICT", help="poor, acceptable or good.")
@click.option("--failure-mode", metavar="MODE", help="Of a poor output: what is wrong with it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(
    folder: str,
    run_id: str,
    pending: bool,
    reasoning: str | None,
    verdict: str | None,
    failure_mode: str | None,
    as_json: bool,
) -> int:
    """Judge a run: reasoning first, then the verdict. Without RUN, the newest that is waiting."""
    from conductor.app import evaluate as app
    from conductor.app.project import Project

    given = {"reasoning": reasoning, "verdict": verdict, "failure_mode": failure_mode}
    with Project(folder) as project:
        if pending and run_id:
            raise UsageError("`--pending` takes the runs itself", hint=f"leave `{run_id}` out")
        runs = project.ledger.pending() if pending else [app.find_run(project, run_id)]
        if not runs:
            show.say("no run is waiting to be judged")
        done = [_judge(project, run, given) for run in runs]
    if as_json:
        show.document(wire.evaluations(done))
    else:
        for one in done:
            show.result(f"{one.ensemble}  {one.run[:_SHORT]}  {one.verdict}")
        show.say("next: conductor report" if done else "")
    return 0


def _judge(project: Project, run: Run, given: dict[str, str | None]) -> Evaluation:
    from conductor.app import evaluate as app

    record = {name: value for name, value in given.items() if value is not None}
    missing = [name for name in ("reasoning", "verdict") if name not in record]
    if missing and not ask.possible():
        raise Missing(
            f"the judgement lacks its {' and its '.join(missing)}",
            hint='write `--reasoning "…" --verdict poor|acceptable|good`',
        )
    if missing:
        return judge_by_hand(project, run, record)
    return app.evaluate(project, run, record)


def judge_by_hand(project: Project, run: Run, known: dict[str, str] | None = None) -> Evaluation:
    """Show a run to the person at the terminal and ask for what is not known yet."""
    from conductor.app import evaluate as app

    rubric = app.rubric_of(project, run)
    _present(project, run, rubric)
    return app.evaluate(project, run, answers(rubric, known or {}, of="output"))


def _present(project: Project, run: Run, rubric: Rubric) -> None:
    """Show what is to be judged, or why it cannot be shown."""
    show.say(f"\nrun {run.id[:_SHORT]}  {run.ensemble}  {run.at}")
    for check in run.checks:
        if not check.passed:
            show.say(f"check {check.name}: {check.detail}")
    for title, digest in (("Input", run.input_digest), ("Output", run.output_digest)):
        kept = project.ledger.content(digest)
        if kept is None:
            show.say(
                f"\n{title}: not kept. To keep texts on this machine, write `contents = true`"
                " under `[ledger]` in conductor.toml."
            )
        else:
            cut = "" if len(kept) <= _PREVIEW else f"\n… {len(kept) - _PREVIEW:,} characters more"
            show.say(f"\n{title}:\n{show.safe(kept[:_PREVIEW])}{cut}")
    show.say(f"\n{rubric.question}")
