"""`conductor ingest`."""

from __future__ import annotations

import click

from conductor.cli import show


@click.command(name="ingest")
@click.argument("directory", default="", metavar="[DIR]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(folder: str, directory: str, as_json: bool) -> int:
    """Take in runs that llm-orc made without conductor, each once.

    DIR is an `artifacts` folder, by default that of this workspace. Such a record tells no policy,
    no digest of what ran and no version, so it is never evidence; it is there to be looked at.
    """
    from conductor.app import ingest as app
    from conductor.app.project import Project

    with Project(folder) as project:
        done = app.ingest(project, directory)
    if as_json:
        unreadable = [{"file": file, "reason": reason} for file, reason in done.unreadable]
        document = {"new": done.new, "known": done.known, "twins": done.twins}
        show.document({**document, "unreadable": unreadable})
        return 0
    for file, reason in done.unreadable:
        show.say(f"{show.safe(file)}: left out: {reason}")
    twins = f", {done.twins} told twice" if done.twins else ""
    show.result(f"{show.plural(done.new, 'run')} taken in, {done.known} known before{twins}")
    return 0
