"""`conductor ledger`."""

from __future__ import annotations

import click

from conductor.cli import ask, show

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group(name="ledger")
def command() -> None:
    """Keep the record sound, move it, drop the texts it keeps."""


@command.command()
@_JSON
@click.pass_obj
def check(folder: str, as_json: bool) -> int:
    """Look whether the record is sound: the file, and its sums."""
    from conductor.app import ledger as app
    from conductor.app.project import Project

    with Project(folder) as project:
        problems = app.unsound(project)
        texts, characters = project.ledger.contents()
    if as_json:
        kept = {"texts": texts, "characters": characters}
        show.document({"sound": not problems, "problems": problems, "kept": kept})
    elif problems:
        show.result("\n".join(problems))
        show.say("next: conductor ledger export FILE, and conductor ledger import FILE elsewhere")
    else:
        show.result(f"the ledger is sound; {show.plural(texts, 'text')} kept")
    return int(bool(problems))


@command.command()
@click.argument("file", metavar="FILE")
@click.option("--without-contents", is_flag=True, help="Leave the kept texts here.")
@_JSON
@click.pass_obj
def export(folder: str, file: str, without_contents: bool, as_json: bool) -> int:
    """Write every row as lines of JSON; `-` is standard output."""
    from conductor.app import ledger as app
    from conductor.app.project import Project

    contents = not without_contents
    with Project(folder) as project:
        if file == "-":
            for line in app.export(project, contents=contents):
                show.result(line)
            return 0
        count = app.export_to(project, file, contents=contents)
    if as_json:
        show.document({"file": file, "rows": count})
    else:
        show.say(f"wrote {show.plural(count, 'row')} to {file}")
    return 0


@command.command(name="import")
@click.argument("file", metavar="FILE")
@_JSON
@click.pass_obj
def import_(folder: str, file: str, as_json: bool) -> int:
    """Add what an exported ledger has more: all or nothing.

    Doing it again changes nothing. Exit code 1 means that a row is here with other content.
    """
    from conductor.app import ledger as app
    from conductor.app.project import Project

    with Project(folder) as project:
        taken = app.take_in(project, file)
    if as_json:
        document = {"new": dict(taken.new), "known": taken.known, "different": taken.different}
        show.document(document)
    else:
        new = sum(taken.new.values())
        show.say(f"{show.plural(new, 'row')} taken in, {taken.known} known before")
        if taken.different:
            show.say(f"{show.plural(taken.different, 'row')} here with other content, left alone")
    return int(bool(taken.different))


@command.command()
@click.option("--run", "run_id", default="", metavar="RUN", help="Texts of this run.")
@click.option("--ensemble", default="", metavar="NAME", help="Texts of all runs of this ensemble.")
@click.option("--before", default="", metavar="DAY", help="Texts kept before: 2026-11-24, or 30d.")
@click.option("--expired", is_flag=True, help="Texts older than `keep_days` in conductor.toml.")
@click.option("--yes", is_flag=True, help="Drop without asking.")
@_JSON
@click.pass_obj
def forget(
    folder: str, run_id: str, ensemble: str, before: str, expired: bool, yes: bool, as_json: bool
) -> int:
    """Drop kept texts for good; the rows and their digests stay."""
    from conductor.app import ledger as app
    from conductor.app.project import Project

    with Project(folder) as project:
        chosen = app.select(
            project, run_id=run_id, ensemble=ensemble, before=before, expired=expired
        )
        texts, characters = app.count(project, chosen)
        gone = 0
        if texts:
            question = f"Drop {show.plural(texts, 'text')} with {characters:,} characters for good?"
            if not ask.consent(question, yes=yes, otherwise="write `--yes`"):
                return 1
            gone = app.forget(project, chosen)
    if as_json:
        show.document({"forgotten": gone})
    else:
        show.say(f"dropped {show.plural(gone, 'text')}" if texts else "no such text is kept")
    return 0
