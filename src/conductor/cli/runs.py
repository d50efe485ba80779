"""`conductor runs`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conductor.app import wire
from conductor.cli import show
from conductor.core.run import short_id
from conductor.core.tokens import of_reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conductor.app.runs import Shown
    from conductor.core.execution import AgentResult
    from conductor.core.run import Run

_MINUTE = 16  # characters of a time that name its minute
_TEXT = 3_000  # characters of a kept text that are shown
_STATUSES = ("succeeded", "rejected", "failed", "interrupted")


@click.group(name="runs")
def command() -> None:
    """See what was run: the list, or one run with all about it."""


@command.command(name="list")
@click.option("--ensemble", default="", metavar="NAME", help="Runs of this ensemble.")
@click.option("--status", default="", type=click.Choice(("", *_STATUSES)), metavar="STATUS",
              help=f"One of {', '.join(_STATUSES)}.")  # fmt: skip
@click.option("--task", default="", metavar="TASK", help="Of this task type or one below it.")
@click.option("--since", default="", metavar="DAY", help="From then on: 2026-11-24, or 7d.")
@click.option("--due", is_flag=True, help="Only those that wait to be judged.")
@click.option("--limit", default=20, type=click.IntRange(1, 100_000), show_default=True,
              help="At most so many, the newest first.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def list_(
    folder: str,
    ensemble: str,
    status: str,
    task: str,
    since: str,
    due: bool,
    limit: int,
    as_json: bool,
) -> int:
    """List runs, the newest first."""
    from conductor.app import runs as app
    from conductor.app.project import Project

    wanted = app.Wanted(
        ensemble=ensemble, status=status, task=task, since=since, due=due, limit=limit
    )
    with Project(folder) as project:
        found = app.runs(project, wanted)
    if as_json:
        rows = [{**wire.run(one.run), "verdicts": _verdicts(one)} for one in found]
        show.document({"runs": rows})
        return 0
    if not found:
        show.say("no run fits")
        return 0
    width = max(len(one.run.ensemble) for one in found)
    show.result(show.safe("\n".join(_line(one, width) for one in found)))
    show.say("next: conductor runs show RUN")
    return 0


@command.command(name="show")
@click.argument("run_id", metavar="RUN")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def show_(folder: str, run_id: str, as_json: bool) -> int:
    """Show one run: where it came from, what it did, how it was judged."""
    from conductor.app import runs as app
    from conductor.app.project import Project

    with Project(folder) as project:
        found = app.show(project, run_id)
    if as_json:
        show.document(
            {
                "run": wire.run(found.run),
                **wire.evaluations(found.evaluations),
                "input": found.input,
                "output": found.output,
            }
        )
    else:
        show.result(show.safe(_page(found)))
    return 0


def _line(one: Shown, width: int) -> str:
    run = one.run
    rejected = run.status == "rejected"
    failed = ", ".join(check.name for check in run.checks if rejected and not check.passed)
    judged = ", ".join(f"{one.verdict} ({one.judge})" for one in one.evaluations)
    waits = "to judge" if run.due and not judged else ""
    note = "  ".join(part for part in (failed, judged, waits) if part)
    return (
        f"{short_id(run.id)}  {run.at[:_MINUTE].replace('T', ' ')}  {run.ensemble:<{width}}"
        f"  {run.status:<11}  {run.seconds:6.1f} s  {run.output_tokens:>6,} tokens  {note}"
    ).rstrip()


def _verdicts(one: Shown) -> dict[str, str]:
    return {judged.judge: str(judged.verdict) for judged in one.evaluations}


def _page(found: Shown) -> str:
    lines = [f"{name:<9} {value}" for name, value in _facts(found.run)]
    lines += ["", "checks"]
    for check in found.run.checks:
        mark = "ok  " if check.passed else "FAIL"
        lines.append(f"  {mark} {check.name}  {check.detail}".rstrip())
    lines += ["", "agents"]
    for agent in found.run.agents:
        lines.append(
            f"  {agent.name}  {agent.status}  {agent.seconds:.1f} s"
            f"  {_tokens(agent)}{f'  {agent.error}' if agent.error else ''}"
        )
    for judged in found.evaluations:
        lines += ["", f"judged by {judged.judge} on {judged.at[:10]}", f"  {judged.reasoning}"]
        mode = f" ({judged.failure_mode})" if judged.failure_mode else ""
        lines.append(f"  {judged.verdict}{mode}")
    lines += ["", *_text("input", found.input), "", *_text("output", found.output)]
    return "\n".join(lines)


def _facts(run: Run) -> Iterator[tuple[str, str]]:
    yield "run", run.id
    yield "at", run.at
    yield "ensemble", run.ensemble
    yield "task", run.task or "none"
    yield "status", f"{run.status}: {run.error}" if run.error else run.status
    yield "decided", f"{run.outcome} by {run.rule or 'the default'}"
    if run.decision:
        yield "decision", run.decision
    yield "models", ", ".join(f"{profile} on {model}" for profile, model in run.models)
    yield "engine", f"{run.engine} {run.engine_version}, conductor {run.conductor_version}"
    yield "took", f"{run.seconds:.1f} s (predicted {run.predicted_seconds:.1f} s)"
    less = " less to read" if of_reading(run.estimator) else ""
    claude = f"Claude about {run.claude_tokens:,}{less} ({run.estimator})"
    yield "tokens", f"{_tokens(run)}; {claude}"
    yield "judge", f"{'yes' if run.due else 'no'}, {run.due_reason}"
    yield "policy", run.revision
    yield "closure", f"{run.bound_digest} with its models, {run.text_digest} without"
    yield "input", run.input_digest
    yield "output", run.output_digest or "none"


def _tokens(one: Run | AgentResult) -> str:
    about = "about " if one.estimated else ""
    return f"{about}{one.input_tokens:,} in, {one.output_tokens:,} out"


def _text(title: str, text: str | None) -> list[str]:
    if text is None:
        return [f"{title}: not kept"]
    more = f"\n… {len(text) - _TEXT:,} characters more: see --json" if len(text) > _TEXT else ""
    return [f"{title}:", f"{text[:_TEXT]}{more}"]
