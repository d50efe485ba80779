"""`conductor authorize`."""

from __future__ import annotations

import click

from conductor.cli import ask, show
from conductor.errors import Missing, UsageError


@click.command(name="authorize")
@click.argument("task")
@click.option("--ensemble", required=True, metavar="NAME", help="Who may do such tasks.")
@click.option("--until", default="", metavar="DATE", help="The last day, as in 2027-01-31.")
@click.option("--revoke", is_flag=True, help="Take it back: ask each time again.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(
    folder: str, task: str, ensemble: str, until: str, *, revoke: bool, as_json: bool
) -> int:
    """Let an ensemble do tasks of a type without asking each time.

    Writes a dated entry into policy/authorizations.toml, after your yes to its diff; tasks of
    child types are covered. Without a terminal, and where Claude Code runs the command, nothing
    is written. Exit code 1 means that you said no.
    """
    from conductor.app import authorize as app
    from conductor.app.project import Project
    from conductor.formats import learning

    if revoke and until:
        raise UsageError("`--revoke` ends it today", hint="leave `--until` out")
    with Project(folder) as project:
        if revoke:
            edit = app.revoke(project, task, ensemble)
        else:
            edit = app.grant(project, task, ensemble, until)
        show.say(show.safe(learning.edit_text(edit)))
        if why := ask.absence():
            raise Missing(
                f"this needs a person's yes, and {why}", hint="do it in a terminal of your own"
            )
        said = click.confirm("\nRevoke?" if revoke else "\nAuthorize?", err=True)
        file = app.apply(project, edit) if said else None
    if as_json:
        show.document({"written": said, "revoked": said and revoke, "file": file})
    elif said:
        show.result(f"wrote {file}")
    show.say(_after(revoke) if said else "nothing was written")
    return int(not said)


def _after(revoke: bool) -> str:
    said = "from now on it is asked each time" if revoke else "it counts from now on"
    return f"{said}; commit the file for review"
