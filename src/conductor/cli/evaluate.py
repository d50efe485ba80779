"""`conductor evaluate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conductor.app import wire
from conductor.cli import ask, show
from conductor.cli.review import judge_by_hand
from conductor.cli.texts import read_texts, texts_options
from conductor.core.evaluation import LOCAL
from conductor.core.run import short_id
from conductor.errors import Missing, UsageError

if TYPE_CHECKING:
    from conductor.app.project import Project
    from conductor.core.evaluation import Evaluation
    from conductor.core.run import Run

JUDGES = ("human", "claude")  # whose judgements can be written down; others are asked


def _known(_context: click.Context, _option: click.Parameter, judge: str | None) -> str | None:
    if judge is None or judge in JUDGES or judge.startswith(LOCAL):
        return judge
    raise UsageError(f"there is no judge `{judge}`", hint="human, claude, or local:NAME")


@click.command(name="evaluate")
@click.argument("run_id", required=False, default="", metavar="[RUN]")
@click.option("--pending", is_flag=True, help="Judge every run that is waiting, oldest first.")
@click.option(
    "--from", "file", metavar="FILE", help="A record in YAML or JSON; `-` is standard input."
)
@click.option(
    "--judge",
    metavar="WHO",
    callback=_known,
    help="Who judged: human, claude, or local:NAME, which is asked.",
)
@click.option("--reasoning", metavar="TEXT", help="What in the output decides.")
@click.option("--verdict", metavar="VERDICT", help="poor, acceptable or good.")
@click.option("--failure-mode", metavar="MODE", help="Of a poor output: what is wrong with it.")
@texts_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(
    folder: str,
    run_id: str,
    pending: bool,
    file: str | None,
    judge: str | None,
    reasoning: str | None,
    verdict: str | None,
    failure_mode: str | None,
    input_file: str | None,
    output_file: str | None,
    as_json: bool,
) -> int:
    """Judge a run: reasoning first, then the verdict. Without RUN, the newest that is waiting.

    A record from FILE has the shape with which `conductor judge prompt RUN` ends. A record with
    a mistake is refused, and every mistake is named. `--judge local:NAME` asks an ensemble made
    from the template `judge`; with `--pending` about all that it has not judged yet.
    """
    from conductor.app.project import Project

    given = {"reasoning": reasoning, "verdict": verdict, "failure_mode": failure_mode}
    record = {name: value for name, value in given.items() if value is not None}
    with Project(folder) as project:
        if judge is not None and judge.startswith(LOCAL):
            if file or record or input_file or output_file:
                raise UsageError("a local judge is asked", hint="leave the other flags out")
            from conductor.cli.local_judge import judge_locally

            return judge_locally(project, judge, run_id, pending=pending, as_json=as_json)
        if file is not None:
            if pending or record:
                raise UsageError(
                    "a record from a file says everything itself", hint="leave the other flags out"
                )
            done = from_file(project, run_id, file, judge, (input_file, output_file))
        else:
            runs = _runs(project, run_id, pending=pending)
            done = _judge_all(project, runs, record, judge or "human", (input_file, output_file))
    if done is None:
        return 2
    if as_json:
        show.document(wire.evaluations(done))
    else:
        for one in done:
            show.result(f"{one.ensemble}  {short_id(one.run)}  {one.verdict}")
        show.say("next: conductor report" if done else "")
    return 0


def from_file(
    project: Project,
    run_id: str,
    file: str,
    judge: str | None,
    text_files: tuple[str | None, str | None],
) -> list[Evaluation] | None:
    """Take a written judgement; None when it is refused, after saying everything that is wrong."""
    from conductor.adapters.files import read_stdin, read_text
    from conductor.app import evaluate as app
    from conductor.app.record_file import placed, read_record
    from conductor.core.finding import Finding

    text = read_stdin() if file == "-" else read_text(file)
    parsed = read_record("standard input" if file == "-" else file, text)
    if isinstance(parsed, Finding):
        show.say(show.findings([parsed]))
        return None
    record = parsed.data
    assert isinstance(record, dict)  # noqa: S101 - `read_record` refuses everything else
    run = app.find_run(project, _named(run_id, record))
    who = judge or str(record.get("judge") or "")
    if who not in JUDGES:
        raise Missing(
            f"`{who}` cannot hand in a record" if who else "nobody says who judged",
            hint=f"write `judge: {' or '.join(JUDGES)}` in the record",
        )
    texts = app.texts_of(project, run, **read_texts(*text_files))
    if wrong := app.mistakes_in(project, run, record, judge=who, texts=texts):
        found = placed(parsed, wrong)
        show.say(f"{show.findings(found)}\n{show.count(found)}; nothing was recorded")
        return None
    return [app.evaluate(project, run, record, judge=who, texts=texts)]


def _named(run_id: str, record: dict[str, object]) -> str:
    """Give the run that is meant; raises UsageError when the record is about another one."""
    written = str(record.get("run") or "")
    if run_id and written and not written.startswith(run_id):
        raise UsageError(
            f"the record is about run `{written}`, not `{run_id}`", hint="judge the right run"
        )
    if not (run_id or written):
        raise Missing("nobody says which run was judged", hint="write `run: ID` in the record")
    return written or run_id


def _runs(project: Project, run_id: str, *, pending: bool) -> list[Run]:
    from conductor.app.evaluate import find_run
    from conductor.app.feedback import waiting

    if pending and run_id:
        raise UsageError("`--pending` takes the runs itself", hint=f"leave `{run_id}` out")
    runs = list(waiting(project)) if pending else [find_run(project, run_id)]
    if not runs:
        show.say("no run is waiting to be judged")
    return runs


def _judge_all(
    project: Project,
    runs: list[Run],
    record: dict[str, str],
    judge: str,
    text_files: tuple[str | None, str | None],
) -> list[Evaluation]:
    """Judge one run after the other; between two of them, a person may stop."""
    done: list[Evaluation] = []
    for number, run in enumerate(runs):
        by_hand = not {"reasoning", "verdict"} <= record.keys()
        left = len(runs) - number
        if by_hand and done and not click.confirm(f"\nGo on? {left} left", default=True, err=True):
            break
        done.append(_judge(project, run, record, judge, text_files))
    return done


def _judge(
    project: Project,
    run: Run,
    record: dict[str, str],
    judge: str,
    text_files: tuple[str | None, str | None],
) -> Evaluation:
    from conductor.app import evaluate as app

    missing = [name for name in ("reasoning", "verdict") if name not in record]
    if missing and not ask.possible():
        raise Missing(
            f"the judgement lacks its {' and its '.join(missing)}",
            hint='write `--reasoning "…" --verdict poor|acceptable|good`, or `--from FILE`',
        )
    given = read_texts(*text_files)
    if missing:
        return judge_by_hand(project, run, record, **given)
    texts = app.texts_of(project, run, **given)
    return app.evaluate(project, run, record, judge=judge, texts=texts)
