"""`conductor report`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conductor.cli import output, show

if TYPE_CHECKING:
    from conductor.core.report import Report


@click.command(name="report")
@output.format_option("text", "markdown", "json", "html")
@click.option("--out", metavar="FILE", help="Write it to a file instead.")
@click.pass_obj
def command(folder: str, form: str, out: str | None) -> int:
    """Show net savings, acceptance, sampling and escalations.

    Savings are told in tokens and, where the policy has a price, in money against each baseline.
    Only what a judge accepted is shown as saved, less every cost at its highest. As HTML it is one
    file with charts that loads nothing.
    """
    from conductor.adapters import files
    from conductor.app.project import Project
    from conductor.app.report import report

    with Project(folder) as project:
        found = report(project)
    text = _written(form, found)
    if out is None:
        show.result(text)
        return 0
    files.write_atomically(out, f"{text}\n")
    show.say(f"wrote {show.safe(out)}")
    return 0


def _written(form: str, found: Report) -> str:
    from conductor.formats import report as formats
    from conductor.formats.report.document import document

    if form == "json":
        return show.as_json(document(found))
    return {"text": formats.text, "markdown": formats.markdown, "html": formats.html}[form](found)
