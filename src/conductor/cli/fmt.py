"""`conductor fmt`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conductor.cli import output, show
from conductor.core.finding import failed

if TYPE_CHECKING:
    from conductor.app.fmt import Formatted


@click.command(name="fmt")
@click.option("--check", is_flag=True, help="Write nothing; fail when a layout differs.")
@click.option("--diff", is_flag=True, help="The same, and show what would change.")
@output.format_option(*output.FINDINGS)
@click.pass_obj
def command(folder: str, check: bool, diff: bool, form: str) -> int:
    """Give policy files one layout.

    Only white space changes, and commas and quotes where they mean nothing: order and comments
    stay. A file is left alone unless its new text is proven to say the same.
    """
    from conductor.app import fmt as app
    from conductor.app.build import workspace_of

    root = workspace_of(folder)
    done = app.lay_out(root)
    writing = not (check or diff)
    no = failed(done.findings) or (not writing and bool(done.layouts))
    if writing:
        app.write(root, done)
    found = (*done.findings, *(() if writing else done.differences()))
    if output.for_a_forge(form, root, found, "conductor fmt"):
        return int(no)
    if form == "json":
        show.document(_document(done, ok=not no))
        return int(no)
    if done.findings:
        show.say(show.findings(done.findings))
    for layout in done.layouts:
        changed = f"changed  {layout.file}"
        show.result(show.difference(layout.file, layout.old, layout.new) if diff else changed)
    show.say(_sentence(done, writing=writing))
    return int(no)


def _sentence(done: Formatted, *, writing: bool) -> str:
    if not done.layouts:
        return f"{show.plural(done.files - len(done.findings), 'file')} as they should be"
    changed = show.plural(len(done.layouts), "file")
    return f"wrote {changed}" if writing else f"{changed} would change: run `conductor fmt`"


def _document(done: Formatted, *, ok: bool) -> dict[str, object]:
    return {
        "ok": ok,
        "changed": [layout.file for layout in done.layouts],
        "findings": show.findings_json(done.findings),
    }
