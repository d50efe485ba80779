"""`conductor test`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conductor.cli import output, show

if TYPE_CHECKING:
    from conductor.app.test import Tested
    from conductor.compiler.cases import Case
    from conductor.core.suite import Score

_SHOWN = 5  # of the missing cases; the rest is counted
_COLUMNS = {"condition": "conditions", "boundary": "boundaries", "mistake": "mistakes"}


@click.command(name="test")
@click.option("--generate", is_flag=True, help="Write the cases that are missing.")
@output.format_option(*output.FINDINGS)
@click.pass_obj
def command(folder: str, generate: bool, form: str) -> int:
    """Check the policy against its cases.

    Also says what the cases show: which rules decide one, which conditions matter in one by
    holding and by failing, which boundaries have one on each side, and which small mistakes in the
    rules they would notice. What no case could show is proven and does not count. Exit code 1
    means that a case fails.
    """
    from conductor.app import test as app
    from conductor.app.build import workspace_of

    root = workspace_of(folder)
    found = app.test_policy(root)
    if generate and found.failed:
        show.say("nothing is generated while a case fails")
    elif generate and found.missing:
        written = app.generate(root, found.missing)
        show.say(f"wrote {show.plural(len(found.missing), 'case')} to {written}: look at them")
        found = app.test_policy(root)
    if output.for_a_forge(form, root, found.findings, "conductor test"):
        return int(found.failed > 0)
    if form == "json":
        show.document(_document(found))
        return int(found.failed > 0)
    if failing := [one for one in found.findings if one.name == "failing-case"]:
        show.say(show.findings(failing))
    show.result("\n".join([screen(found), *_details(found)]))
    return int(found.failed > 0)


def screen(found: Tested) -> str:
    """Say in five lines how well the cases hold the policy."""
    total = {kind: found.coverage.total(kind) for kind in ("rule", *_COLUMNS)}
    rules, mistakes = total["rule"], total["mistake"]
    lines = (
        f"cases       {found.cases - found.failed} of {found.cases} hold",
        f"rules       {_score(rules)} decide a case",
        f"conditions  {_score(total['condition'])} ways to matter are shown"
        + _proven(total["condition"], "cannot occur"),
        f"boundaries  {_score(total['boundary'])} sides are shown"
        + _proven(total["boundary"], "cannot occur"),
        f"mistakes    {_score(mistakes)} would be noticed{_percent(mistakes)}"
        + _proven(mistakes, "change nothing"),
    )
    return "\n".join(lines)


def counts(found: Tested) -> dict[str, object]:
    """Give the numbers of the screen as JSON values."""
    kinds = ("rule", *_COLUMNS)
    return {
        "cases": found.cases,
        "failed": found.failed,
        "coverage": {kind: _numbers(found.coverage.total(kind)) for kind in kinds},
    }


def _details(found: Tested) -> list[str]:
    """Say about which rules something is not shown, and what would show it."""
    return ["", *_table(found), "", *_missing(found.missing)] if found.missing else []


def _table(found: Tested) -> list[str]:
    rows = [["rule", "cases", *_COLUMNS.values()]]
    for rule, cases in found.deciding:
        scores = found.coverage.scores[rule]
        if any(score.shown < score.possible for score in scores.values()):
            rows.append([rule, str(cases), *(_score(scores[kind]) for kind in _COLUMNS)])
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]


def _missing(missing: tuple[Case, ...]) -> list[str]:
    more = len(missing) - _SHOWN
    return [
        f"{show.plural(len(missing), 'case')} would show the rest; `--generate` writes them:",
        *(f"  {case.name}\n    {_facts(case)} -> {case.outcome}" for case in missing[:_SHOWN]),
        *([f"  … and {more} more"] if more > 0 else []),
    ]


def _facts(case: Case) -> str:
    given = (f"{name} {str(value).lower()}" for name, value in case.facts.items())
    return ", ".join(given) or "no facts"


def _score(score: Score) -> str:
    return f"{score.shown} of {score.possible}"


def _percent(score: Score) -> str:
    # Rounded down: 100 % is only what is complete.
    return f": {100 * score.shown // score.possible} %" if score.possible else ""


def _proven(score: Score, what: str) -> str:
    return f" ({score.impossible} more {what}: proven)" if score.impossible else ""


def _document(found: Tested) -> dict[str, object]:
    return {
        "ok": found.failed == 0,
        **counts(found),
        "rules": [
            {
                "id": rule,
                "cases": cases,
                **{kind: _numbers(found.coverage.scores[rule][kind]) for kind in _COLUMNS},
            }
            for rule, cases in found.deciding
        ],
        "missing": [
            {
                "name": case.name,
                "facts": dict(case.facts),
                "outcome": case.outcome,
                "rule": case.rule or None,
            }
            for case in found.missing
        ],
        "findings": show.findings_json(found.findings),
    }


def _numbers(score: Score) -> dict[str, int]:
    return {"shown": score.shown, "possible": score.possible, "impossible": score.impossible}
