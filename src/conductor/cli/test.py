"""`conductor test`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conductor.cli import output, show

if TYPE_CHECKING:
    from conductor.app.test import Tested


@click.command(name="test")
@click.option("--generate", is_flag=True, help="Write the cases that are missing.")
@output.format_option(*output.FINDINGS)
@click.pass_obj
def command(folder: str, generate: bool, form: str) -> int:
    """Check the policy against its cases.

    Also says which small mistakes in the rules (a moved boundary, a lost condition, rules that
    changed places) no case would notice. Exit code 1 means that a case fails.
    """
    from conductor.app import test as app
    from conductor.app.build import workspace_of

    root = workspace_of(folder)
    found = app.test_policy(root)
    if generate and found.missing and not found.failed:
        written = app.generate(root, found.missing)
        show.say(f"wrote {show.plural(len(found.missing), 'case')} to {written}: look at them")
        found = app.test_policy(root)
    if output.for_a_forge(form, root, found.findings, "conductor test"):
        return int(found.failed > 0)
    if form == "json":
        show.document(_document(found))
        return int(found.failed > 0)
    if found.findings:
        show.say(show.findings(found.findings))
    show.result(screen(found))
    return int(found.failed > 0)


def screen(found: Tested) -> str:
    """Say in three lines how well the cases hold the policy."""
    passed = found.cases - found.failed
    proven = f" ({found.equivalent} more change nothing: proven)" if found.equivalent else ""
    return "\n".join(
        [
            f"cases     {passed} of {found.cases} hold",
            f"rules     {found.covered} of {found.rules} decide a case",
            f"mistakes  {found.killed} of {found.mutants} would be noticed{proven}",
        ]
    )


def counts(found: Tested) -> dict[str, object]:
    """Give the numbers of the screen as JSON values."""
    return {
        "cases": found.cases,
        "failed": found.failed,
        "rules": found.rules,
        "covered": found.covered,
        "mutants": found.mutants,
        "killed": found.killed,
        "equivalent": found.equivalent,
    }


def _document(found: Tested) -> dict[str, object]:
    return {
        "ok": found.failed == 0,
        **counts(found),
        "findings": show.findings_json(found.findings),
    }
