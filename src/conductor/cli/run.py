"""`conductor run`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from conductor.app import wire
from conductor.cli import show
from conductor.cli.fetching import fetched_model
from conductor.cli.progress import FORMS, progress
from conductor.core.run import short_id
from conductor.core.tokens import of_reading
from conductor.errors import Missing, UsageError

if TYPE_CHECKING:
    from conductor.app.project import Project
    from conductor.app.record import Plan
    from conductor.app.run import Finished

_ESCALATION = {
    "claude": "this output is not for use: give the task to Claude",
    "ask": "this output is not for use: ask whoever wants it what to do",
}


@click.command(name="run")
@click.argument("name")
@click.option("--input-file", metavar="FILE", help="The text to work on; `-` is standard input.")
@click.option("--input", "text", metavar="TEXT", help="The text itself.")
@click.option("--decision", "decision_id", default="", metavar="ID", help="What `route` logged.")
@click.option("--batch", metavar="FILE", help="A line of JSON per input; `-` is standard input.")
@click.option("--results", metavar="FILE", help="Of a batch; else FILE.NAME.results.jsonl.")
@click.option("--parallel", type=click.IntRange(1, 64), metavar="N", help="Inputs at one time.")
@click.option("--record", metavar="FILE", help="Append what the engine answers, texts included.")
@click.option("--replay", metavar="FILE", help="Show what was recorded: nothing runs or counts.")
@click.option("--progress", "form", type=click.Choice(FORMS), default="auto",
              help="`jsonl`: nothing but a JSON object per event on standard error.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(
    folder: str,
    name: str,
    input_file: str | None,
    text: str | None,
    decision_id: str,
    batch: str | None,
    results: str | None,
    parallel: int | None,
    record: str | None,
    replay: str | None,
    form: str,
    as_json: bool,
) -> int:
    """Run an ensemble on the local models.

    The output goes to standard output, everything else to standard error. Exit code 1 means that
    a check turned the output down.

    A batch goes on where it stopped: call it again. Each result is a line on standard output and in
    the file of results.

    What was recorded can be shown where there is no engine and no model: --replay finds it by the
    ensemble's content and the input. It says so, and leaves no trace in the ledger.
    """
    from conductor.app.project import Project

    if replay is not None:
        _alone(batch or record, "--replay", clash="run it without `--batch` and `--record`")
        with Project(folder) as project:
            given = _input(input_file, text)
            return _told(_replay(project, name, given, replay, form), form, as_json=as_json)
    if batch is not None:
        from conductor.cli.batch import run_batch

        _alone(input_file or text or decision_id, "--batch")
        with Project(folder) as project:
            _record(project, record)
            return run_batch(project, name, batch, results, parallel, as_json=as_json)
    _alone(results, "--results", "--batch FILE")
    given = _input(input_file, text)
    with Project(folder) as project:
        _record(project, record)
        finished = _one(project, name, given, decision_id, form)
    return _told(finished, form, as_json=as_json)


def _told(finished: Finished, form: str, *, as_json: bool) -> int:
    if as_json:
        show.document(wire.finished(finished))
    else:
        show.result(show.safe(finished.output) if sys.stdout.isatty() else finished.output)
    if not as_json and form == "auto":
        show.say(summary(finished))
    return int(any(not check.passed for check in finished.run.checks))


def _record(project: Project, file: str | None) -> None:
    if file is not None:
        from conductor.app.recordings import record_to

        record_to(project, file)


def _replay(project: Project, name: str, text: str, file: str, form: str) -> Finished:
    from conductor.app import recordings
    from conductor.app import run as app

    replayer = recordings.read_recordings(file)
    plan = app.plan(project, name, text)
    live = progress(form, plan.loaded.document)
    # Whatever the form of the progress: nobody should take this for a run.
    said = {"format": 1, "event": "replay", "file": file}
    show.say(json.dumps(said) if form == "jsonl" else show.safe(f"replaying {file}: nothing runs"))
    try:
        return recordings.replay(project, plan, replayer, live)
    finally:
        live.end()


def _one(project: Project, name: str, text: str, decision_id: str, form: str) -> Finished:
    from conductor.app import run as app

    plan = app.plan(project, name, text, decision_id=decision_id)
    if fetched_model(project, plan.needs_embedded):
        plan = app.plan(project, name, text, decision_id=decision_id)
    live = progress(form, plan.loaded.document)
    if form == "auto":
        _warn(project, name)
        show.say(forecast(plan))
    elif form == "jsonl":
        show.say(json.dumps({"format": 1, "event": "forecast", **asdict(plan.prediction)}))
    try:
        return app.execute(project, plan, live)
    finally:
        live.end()


def _alone(given: object, option: str, needs: str = "", clash: str = "") -> None:
    if given and clash:
        raise UsageError(f"`{option}` shows one recorded run", hint=clash)
    if given and needs:
        raise UsageError(f"`{option}` is for a batch", hint=f"write `{needs}` as well")
    if given:
        raise UsageError(f"`{option}` has its inputs in its file", hint="leave the other ones out")


def forecast(plan: Plan) -> str:
    """Say what is about to happen and how long it will take."""
    models = ", ".join(sorted({binding.model or "embedded" for binding in plan.bound.values()}))
    agents = len(plan.loaded.document["agents"])  # type: ignore[arg-type]  # a loaded ensemble
    return (
        f"delegating to local models, this may take {plan.prediction.span}:"
        f" {show.plural(agents, 'agent')} on {models} ({plan.prediction.basis})"
    )


def summary(finished: Finished) -> str:
    """Say how a run went, what it cost and saved, and what comes next."""
    run = finished.run
    lines = _replayed(finished) if finished.recorded_at else _ran(finished)
    failed = [check for check in run.checks if not check.passed]
    lines.extend(f"  check   {check.name}: {check.detail}" for check in failed)
    if failed:
        lines.append(f"  next    {_ESCALATION[finished.on_failure]}")
    lines.append(f"  judge   {'yes' if run.due else 'no'}, {run.due_reason}")
    if run.due:
        lines.append(f"  next    conductor evaluate {short_id(run.id)}")
    return "\n".join(lines)


def _ran(finished: Finished) -> list[str]:
    run = finished.run
    about, why = ("about ", " (the engine counts no loops)") if run.estimated else ("", "")
    verb = "reads, in its place, about" if of_reading(run.estimator) else "would have written about"
    less = " less" if of_reading(run.estimator) else ""
    return [
        f"\nrun {short_id(run.id)} {run.status} in {run.seconds:.1f} s"
        f" (predicted {finished.predicted})",
        f"  tokens  {about}{run.input_tokens:,} in and {run.output_tokens:,} out locally{why};"
        f" Claude {verb} {run.claude_tokens:,}{less} ({run.estimator})",
    ]


def _replayed(finished: Finished) -> list[str]:
    run = finished.run
    models = ", ".join(sorted({model for _, model in run.models})) or "no model"
    return [
        f"\nreplayed, {run.status}: nothing ran, and nothing is in the ledger",
        f"  record  of {finished.recorded_at[:16].replace('T', ' ')} UTC, {models},"
        f" {run.engine_version}, {run.seconds:.1f} s",
    ]


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


def _warn(project: Project, name: str) -> None:
    from conductor.app.deprecations import deprecations

    if found := deprecations(project.root).get(name):
        show.say(show.safe(f"`{name}` is {found.advice}"))
