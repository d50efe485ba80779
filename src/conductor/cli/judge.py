"""`conductor judge`."""

from __future__ import annotations

import sys

import click

from conductor.cli import show
from conductor.cli.texts import read_texts, texts_options


@click.group(name="judge")
def command() -> None:
    """Ask a judge, and know how far to trust one."""


@command.command()
@click.argument("run_id", metavar="RUN")
@texts_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def prompt(
    folder: str, run_id: str, input_file: str | None, output_file: str | None, as_json: bool
) -> int:
    """Print what Claude is asked about a run: rubric, input, output, and the record to answer with.

    The answer goes to `conductor evaluate RUN --from FILE`.
    """
    from conductor.app import evaluate as app
    from conductor.app.project import Project

    with Project(folder) as project:
        run = app.find_run(project, run_id)
        texts = app.texts_of(project, run, **read_texts(input_file, output_file))
        text = app.prompt_for(project, run, texts)
        rubric = app.rubric_of(project, run)
    if as_json:
        show.document(
            {
                "run": run.id,
                "rubric": rubric.name,
                "rubric_revision": rubric.revision,
                "prompt": text,
            }
        )
    else:
        plain = text.rstrip("\n")
        show.result(show.safe(plain) if sys.stdout.isatty() else plain)
        show.say(f"next: conductor evaluate {run.id} --from FILE")
    return 0
