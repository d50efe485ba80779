"""`conductor check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conductor.cli import check_fix, output, show
from conductor.cli import test as cases
from conductor.cli.lint import pages

if TYPE_CHECKING:
    from conductor.app.check import Checked
    from conductor.compiler.analysis import Ranked
    from conductor.core.overlaps import Remainder


@click.command(name="check")
@click.option("--strict", is_flag=True, help="Let warnings fail as well.")
@click.option("--fix", is_flag=True, help="First mend what is proven, after a yes to each diff.")
@output.format_option(*output.FINDINGS)
@click.pass_obj
def command(folder: str, strict: bool, fix: bool, form: str) -> int:
    """Check everything that must hold before a change lands.

    That is: what is generated is up to date, the policy as a whole is sound, its cases hold and
    would notice a small mistake in it, and the ensembles work elsewhere. Writes nothing without
    `--fix`; for CI.
    """
    from conductor.adapters import clock
    from conductor.app.build import workspace_of
    from conductor.app.check import check_workspace
    from conductor.app.layers import fetch_organisation

    root = workspace_of(folder)
    fetch_organisation(root, show.say)
    if fix:
        check_fix.mend(root)
    found = check_workspace(root, today=clock.now()[:10])
    no = found.fails(strict=strict)
    headline = "conductor check: " + ("failed" if no else "passed")
    if output.for_a_forge(form, root, found.findings, headline, pages=pages()):
        return int(no)
    if form == "json":
        show.document(_document(found, ok=not no))
        return int(no)
    if found.findings:
        show.result(show.findings(found.findings))
    show.say(_screen(found))
    return int(no)


def _screen(found: Checked) -> str:
    linted = f"lint        {show.plural(len(found.linted.files), 'file')} looked at"
    counted = show.count(found.findings) or "nothing to change"
    if not found.tested:
        ran = "cases       not run: the policy does not compile"
        return f"{ran}\n{linted}\n{counted}"
    return f"{cases.screen(found.tested)}\n{linted}\n{counted}"


def _document(found: Checked, *, ok: bool) -> dict[str, object]:
    return {
        "ok": ok,
        "revision": found.compilation.revision or None,
        "findings": show.findings_json(found.findings),
        "test": cases.counts(found.tested) if found.tested else None,
        "linted": list(found.linted.files),
        "default": _remainder(found.analysis.remainder) if found.analysis else None,
        "overlaps": [_overlap(one) for one in found.analysis.overlaps] if found.analysis else None,
    }


def _remainder(remainder: Remainder) -> dict[str, object]:
    """Give what no rule decides; shares are by the weights that facts declare, or else uniform."""
    return {
        "share_percent": remainder.share,
        "regions": [{"share_percent": share, "facts": facts} for share, facts in remainder.boxes],
    }


def _overlap(one: Ranked) -> dict[str, object]:
    """Give two rules whose order decides; shares as above, of all tasks and of the rule's own."""
    return {
        "rule": one.rule,
        "before": one.other,
        "share_percent": one.found.volume,
        "of_rule_percent": one.found.share,
        "witness": one.found.witness,
        "overridden": one.meant,
    }
