"""`conductor lint`."""

from __future__ import annotations

import textwrap
from pathlib import Path

import click

from conductor.cli import output, show
from conductor.compiler.problems import nearest
from conductor.core.tier import Tier
from conductor.errors import UsageError
from conductor.formats.pages import Page
from conductor.lint.catalogue import RULES, rule
from conductor.lint.report import Judgement, Report
from conductor.lint.rule import Fix, Rule, Verdict, level


@click.command(name="lint")
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@click.option(
    "--tier",
    type=click.Choice([str(tier) for tier in Tier]),
    default=str(Tier.LOCAL),
    show_default=True,
    help="How far it is to travel.",
)
@click.option("--project", metavar="DIR", help="The project it was made in, if not around it.")
@click.option(
    "--fix", is_flag=True, help="Mend what can be mended; what changes a meaning only after a yes."
)
@click.option("--explain", metavar="RULE", help="Say why a rule is there, and how to keep it.")
@output.format_option(*output.FINDINGS)
@click.pass_obj
def command(
    folder: str,
    targets: tuple[str, ...],
    tier: str,
    project: str | None,
    explain: str | None,
    form: str,
    *,
    fix: bool,
) -> int:
    """Say what keeps an ensemble from working elsewhere.

    TARGET is the name of an ensemble, a file, or a folder of ensembles, also one that conductor
    did not write; without one, all ensembles of this workspace are looked at.

    With --fix, edits that change no meaning are made, others are shown as a diff and made after a
    yes, file by file. Each is judged again first. Comments and layout stay.
    """
    if explain is not None:
        return _explain(explain, form)
    from conductor.adapters import clock, files
    from conductor.app.lint import judge, origin_of
    from conductor.app.lint_targets import Finder

    root = files.find_workspace(folder)
    found = Finder(root, folder).find(targets)
    where = project or root or (found[0].folder.root if found else None)
    judging = judge(
        Tier(tier),
        origin=origin_of(where) if found and where else None,
        root=root,
        today=clock.now()[:10],
    )
    report = judging.report(found)
    below = root or str(Path(folder).resolve())
    if not fix:
        return _print(report, form, below)
    from conductor.cli import lint_fix

    fixes = lint_fix.mend(found, report, judging)
    after = judging.report(Finder(root, folder).find(targets))
    code = _print(after, form, below, fixes=lint_fix.documents(fixes))
    lint_fix.refuse_unanswered(fixes)
    return code


def _print(
    report: Report, form: str, root: str, *, fixes: list[dict[str, object]] | None = None
) -> int:
    listed = [one.finding for one in report.shown if one.verdict is not Verdict.INCONCLUSIVE]
    headline = "conductor lint: " + ("failed" if report.failed else "passed")
    if output.for_a_forge(form, root, listed, headline, pages=pages()):
        return int(report.failed)
    if form == "json":
        extra = {} if fixes is None else {"fixes": fixes}
        show.document(_document(report) | extra)
        return int(report.failed)
    for judgement in report.shown:
        show.result(_lines(judgement))
    show.say(_summary(report))
    return int(report.failed)


def pages() -> dict[str, Page]:
    """Give the page of each rule as code scanning shows it."""
    return {
        name: Page(rule.summary, f"{rule.why} Prefer: {rule.prefer}")
        for name, rule in RULES.items()
    }


_WORDS = {Verdict.WAIVED: "waived", Verdict.INCONCLUSIVE: "unknown"}


def _lines(one: Judgement) -> str:
    if one.verdict is Verdict.FAIL:
        return show.findings([one.finding])
    finding = one.finding
    below = ("reason", finding.waived) if finding.waived else ("hint", finding.hint)
    word = f"{_WORDS[one.verdict]}[{finding.code} {finding.name}]"
    return show.safe(f"{finding.at}: {word}: {finding.message}\n  {below[0]}: {below[1]}")


def _summary(report: Report) -> str:
    counted = show.count(
        [one.finding for one in report.shown if one.verdict is not Verdict.INCONCLUSIVE]
    )
    unknown = len(report.of(Verdict.INCONCLUSIVE))
    parts = [counted or "nothing to change", *([f"{unknown} not checked"] if unknown else [])]
    looked = show.plural(len(report.files), "file")
    achieved = report.achieved or "none, not even local"
    return f"{looked}: {', '.join(parts)}\nasked for: {report.tier}; achieved: {achieved}"


def _document(report: Report) -> dict[str, object]:
    return {
        "ok": not report.failed,
        "tier": str(report.tier),
        "achieved": str(report.achieved) if report.achieved else None,
        "files": list(report.files),
        "findings": [_object(one) for one in report.shown],
    }


def _object(one: Judgement) -> dict[str, object]:
    (finding,) = show.findings_json([one.finding])
    levels = {str(tier): str(level) if (level := one.level(tier)) else None for tier in Tier}
    return finding | {
        "verdict": str(one.verdict),
        "levels": levels,
        "field": one.field,
        "matched": one.matched,
        "match": one.match,
        "confirmed_by": one.confirmed_by,
        "fix_class": str(one.fix),
        "why": one.rule.why,
    }


def _explain(name: str, form: str) -> int:
    found = rule(name)
    if found is None:
        hint = nearest(name, [*RULES, *(one.code for one in RULES.values())])
        raise UsageError(f"there is no rule `{name}`", hint=hint)
    if form == "json":
        show.document(_rule_document(found))
    else:
        show.result(explanation(found))
    return 0


def _rule_document(found: Rule) -> dict[str, object]:
    return {
        "rule": found.name,
        "code": found.code,
        "summary": found.summary,
        "avoid": found.avoid,
        "prefer": found.prefer,
        "why": found.why,
        "levels": {str(tier): str(level(found.levels, tier) or "off") for tier in Tier},
        "fix_class": str(found.fix),
        "waivable": found.waivable,
    }


def explanation(found: Rule) -> str:
    """Lay out the page of a rule for a terminal."""
    levels = ", ".join(f"{tier} {level(found.levels, tier) or 'off'}" for tier in Tier)
    fixes = {
        Fix.SAFE: "`--fix` changes no meaning, and does not ask",
        Fix.ASK: "`--fix` shows a diff and asks, where an edit is known",
        Fix.NO: "by hand",
    }
    waiving = "with a reason" if found.waivable else "never"
    blocks = [
        f"{found.code} {found.name}: {found.summary}",
        *(_wrapped(title, text) for title, text in _parts(found)),
        f"levels: {levels}\nfixed:  {fixes[found.fix]}\nwaived: {waiving}\nfamily: {found.family}",
    ]
    return "\n\n".join(blocks)


def _parts(found: Rule) -> tuple[tuple[str, str], ...]:
    return (("Avoid", found.avoid), ("Prefer", found.prefer), ("Why", found.why))


def _wrapped(title: str, text: str) -> str:
    return textwrap.fill(f"{title}: {text}", width=90, subsequent_indent="  ")
