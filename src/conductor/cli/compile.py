"""`conductor compile`."""

from __future__ import annotations

import click

from conductor.cli import output, show


@click.command(name="compile")
@click.option("--check", is_flag=True, help="Write nothing; fail when anything would change.")
@click.option("--docs", is_flag=True, help="Write docs/policy.md too: a page about the rules.")
@output.format_option(*output.FINDINGS)
@click.pass_obj
def command(folder: str, check: bool, docs: bool, form: str) -> int:
    """Check policy and specs, write what follows.

    A page that `--docs` has written is kept up to date from then on.
    """
    from conductor.app.build import workspace_of
    from conductor.app.compile import compile_workspace
    from conductor.app.layers import fetch_organisation

    root = workspace_of(folder)
    fetch_organisation(root, show.say)
    done = compile_workspace(root, check=check, docs=docs)
    no = done.failed or (check and bool(done.changes))
    differing = done.differences() if check else ()
    if output.for_a_forge(form, root, (*done.findings, *differing), "conductor compile"):
        return int(no)
    if form == "json":
        show.document(
            {
                "ok": not no,
                "revision": done.revision or None,
                "findings": show.findings_json(done.findings),
                "changes": [
                    {"path": change.path, "action": str(change.action)} for change in done.changes
                ],
                "upgrades": [
                    {
                        "path": one.file,
                        "diff": show.difference(one.file, one.before, one.after),
                    }
                    for one in done.upgrades
                ],
            }
        )
        return int(no)
    if done.findings:
        show.say(show.findings(done.findings))
    for upgrade in done.upgrades:
        show.say("\n" + show.difference(upgrade.file, upgrade.before, upgrade.after) + "\n")
    if done.failed:
        show.say(f"{show.count(done.findings)}; nothing was written")
        return 1
    for change in done.changes:
        show.result(f"{change.action:<8} {change.path}")
    show.say(_sentence(len(done.changes), done.revision, check=check))
    return int(no)


def _sentence(changes: int, revision: str, *, check: bool) -> str:
    short = revision.removeprefix("sha256:")[:12]
    if not changes:
        return f"up to date, policy revision {short}"
    files = show.plural(changes, "file")
    if check:
        return f"{files} would change: run `conductor compile` and commit the result"
    return f"wrote {files}, policy revision {short}"
