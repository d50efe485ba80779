"""`conductor diff`."""

from __future__ import annotations

import click

from conductor.cli import output, show


@click.command(name="diff")
@click.argument("old")
@click.argument("new", required=False)
@output.format_option("text", "markdown", "json")
@click.pass_obj
def command(folder: str, old: str, new: str | None, form: str) -> int:
    """Say what a change of policy means, proven for all facts.

    OLD and NEW are folders of workspaces, or revisions of this repository such as `main`, `HEAD~1`
    or `v1.2:sub/dir`; without NEW, OLD is compared with this folder as it is. Logged decisions are
    decided again under both. Exit code 1 means that some task would go to a smaller model than
    before. `--format markdown` writes a comment for a pull request.
    """
    from conductor.app.diff import compare
    from conductor.formats import difference, difference_json

    found = compare(folder, old, new)
    if form == "json":
        show.document(difference_json.document(found))
    else:
        show.result(difference.markdown(found) if form == "markdown" else difference.text(found))
    return int(bool(found.riskier))
