"""`conductor export`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from conductor.cli import ask, show
from conductor.errors import Missing, UsageError

if TYPE_CHECKING:
    from conductor.app.export import Dataset

_FORMATS = ("sft", "dpo", "kto", "judge", "routing")
_LICENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,63}")


@click.command(name="export")
@click.argument("form", type=click.Choice(_FORMATS), metavar="FORMAT")
@click.option("--out", required=True, metavar="DIR", help="A new folder for the dataset.")
@click.option("--licence", default="", metavar="ID", help="Of the dataset, such as CC-BY-4.0.")
@click.option("--with-claude", is_flag=True, help="With `judge`: also what Claude wrote.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(
    folder: str, form: str, out: str, licence: str, with_claude: bool, yes: bool, as_json: bool
) -> int:
    """Write judged runs as a dataset that trainers load.

    Secrets are taken out, near-duplicates dropped, and inputs that are nearly the same stay in
    one split. It needs kept texts (`contents = true`). Exit code 1 means that there is too little
    evidence, or that you said no.
    """
    from conductor.app import export as app
    from conductor.app.project import Project
    from conductor.core.dataset import Format

    if licence and not _LICENCE.fullmatch(licence):
        raise UsageError(f"`{licence}` is no licence id", hint="write one such as `CC-BY-4.0`")
    with Project(folder) as project:
        found = app.prepare(project, Format(form), licence=licence, with_claude=with_claude)
        show.say(screen(found))
        if ask.by_claude() and not found.missing:
            raise Missing(
                "what people wrote leaves the ledger only with a person's yes, and Claude Code"
                " runs this command",
                hint=f"`conductor export {form} --out {out}` in a terminal of your own",
            )
        said = not found.missing and ask.consent(
            f"\nWrite {len(found.examples):,} rows of what people and models wrote to {out}?",
            yes=yes,
            otherwise=f"conductor export {form} --out {out} --yes",
        )
        if said:
            app.write(project, found, out, way="flag" if yes else "terminal")
    if as_json:
        show.document(document(found, out, written=said))
    elif said:
        show.result(f"wrote {out}: {', '.join(found.texts)}")
    return int(not said)


def screen(found: Dataset) -> str:
    """Say what there is, what was left out and why, and how much is missing."""
    rows = show.plural(len(found.examples), "row")
    lines = [f"{found.form}: {rows} from {show.plural(found.sources, 'distinct source')}"]
    lines += [f"  left out, {why}: {count:,}" for why, count in found.left_out.items()]
    if found.duplicates:
        lines.append(f"  dropped, would teach the same as another row: {found.duplicates:,}")
    if found.redactions:
        lines.append(f"  secrets taken out: {found.redactions:,}")
    if found.missing:
        lines.append(
            f"not written: {found.missing:,} of {found.needed:,} distinct sources are missing"
            " ([datasets] in policy/learning.toml)"
        )
    return "\n".join(lines)


def document(found: Dataset, out: str, *, written: bool) -> dict[str, object]:
    """Give the object of `--json`."""
    return {
        "written": written,
        "export": str(found.form),
        "folder": out if written else None,
        "rows": len(found.examples),
        "sources": found.sources,
        "needed": found.needed,
        "missing": found.missing,
        "duplicates": found.duplicates,
        "redactions": found.redactions,
        "left_out": dict(found.left_out),
        "files": list(found.texts) if written else [],
        "digest": found.digest,
    }
