"""`conductor library`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conductor.cli import output, show

if TYPE_CHECKING:
    from conductor.app.verify import Verified


@click.group(name="library")
def command() -> None:
    """Look after a library: for its maintainers, in a clone of it."""


@command.command()
@click.argument("ref", default="HEAD")
@click.option("--base", default="", metavar="REV", help="Only what changed since this revision.")
@click.option("--policy", default="", metavar="DIR", help="A workspace whose policy holds.")
@output.format_option(*output.FINDINGS)
@click.pass_obj
def verify(folder: str, ref: str, base: str, policy: str, form: str) -> int:
    """Say where a contribution differs from what it claims.

    Closures, digests, lint and the counts of the evidence are found again from the commit REF; it
    is neither checked out nor run. Without --policy, the packaged one holds: that of a clone may
    have come with the contribution. Exit code 1 means that something differs.
    """
    from conductor.app.verify import verify as check
    from conductor.cli.lint import pages

    done = check(folder, ref, base, policy)
    headline = "conductor library verify: " + ("failed" if done.failed else "passed")
    if output.for_a_forge(form, done.top, done.findings, headline, pages=pages()):
        return int(done.failed)
    if form == "json":
        show.document(_document(done))
        return int(done.failed)
    if done.findings:
        show.result(show.findings(done.findings))
    show.say(_summary(done))
    return int(done.failed)


@command.command()
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 when it is out of date.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def index(folder: str, check: bool, as_json: bool) -> int:
    """Write index.json, the list of what a library has. Do it after merging, never by hand."""
    from conductor.app.library_index import make_index
    from conductor.core.library_index import INDEX

    text, differs = make_index(folder, check=check)
    if as_json:
        show.document({"ok": not (check and differs), "changed": differs, "bytes": len(text)})
    elif check and differs:
        show.say(f"{INDEX} is out of date\n  hint: conductor library index")
    else:
        show.say(f"{'wrote' if differs else 'up to date:'} {INDEX}")
    return int(check and differs)


def _summary(done: Verified) -> str:
    since = f" since {done.base[:12]}" if done.base else ""
    looked = f"{show.plural(len(done.ensembles), 'ensemble')} of {done.commit[:12]}{since}"
    counted = show.count(done.findings) or "nothing differs from what is claimed"
    return f"{looked}: {counted}; the commit is {show.safe(done.signature)}"


def _document(done: Verified) -> dict[str, object]:
    return {
        "ok": not done.failed,
        "commit": done.commit,
        "base": done.base or None,
        "policy": done.policy,
        "signature": done.signature,
        "ensembles": [
            {"name": name, "text_digest": digest} for name, digest in done.ensembles.items()
        ],
        "findings": show.findings_json(done.findings),
    }
