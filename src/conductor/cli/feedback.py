"""`conductor feedback`."""

from __future__ import annotations

from dataclasses import asdict

import click

from conductor.cli import show
from conductor.core.run import short_id
from conductor.errors import Missing


@click.command(name="feedback")
@click.argument("run_id", metavar="RUN")
@click.option("--negative", "word", flag_value="negative", help="The output was of no use.")
@click.option("--positive", "word", flag_value="positive", help="The output did what it should.")
@click.option("--text", default="", metavar="TEXT", help="In your words; they are kept.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(folder: str, run_id: str, word: str | None, text: str, as_json: bool) -> int:
    """Say how an output was in use. A complaint makes the run due to be judged.

    It is no verdict: it counts in no rate of acceptance.
    """
    from conductor.app.evaluate import find_run
    from conductor.app.feedback import give_feedback
    from conductor.app.project import Project

    if word is None:
        raise Missing("nobody says how it was", hint="add `--negative` or `--positive`")
    with Project(folder) as project:
        run = find_run(project, run_id)
        given = give_feedback(project, run, negative=word == "negative", text=text)
    if as_json:
        show.document({"feedback": asdict(given)})
        return 0
    show.result(f"{run.ensemble}  {short_id(run.id)}  {word}")
    if given.negative:
        show.say(f"due to be judged\nnext: conductor evaluate {short_id(run.id)}")
    return 0
