"""`conductor lint --fix`: what is mended, shown, asked and refused, file by file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from conductor.cli import ask, show
from conductor.errors import Missing

if TYPE_CHECKING:
    from conductor.app.lint import Judge, Target
    from conductor.app.repair import Repair
    from conductor.lint.report import Report

_NOBODY = "it needs a yes, and there is no terminal to ask"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one file; `why_not` is empty when everything was written."""

    repair: Repair
    written: tuple[str, ...]  # codes of the findings that are gone now
    left: tuple[str, ...]  # codes of those that an edit is known for and that stand
    why_not: str = ""


def mend(targets: Sequence[Target], report: Report, judging: Judge) -> list[Outcome]:
    """Mend file by file: what is safe at once, the rest after a yes to its diff."""
    from conductor.app.repair import repairs

    outcomes = [_mended(one) for one in repairs(targets, report, judging)]
    if any(one.written and one.repair.file.startswith("registry/") for one in outcomes):
        show.say("next: conductor compile")
    return outcomes


def _mended(repair: Repair) -> Outcome:
    from conductor.app.repair import write

    safe, asked = (
        tuple(sorted({one.code for one in step.findings})) for step in (repair.safe, repair.asked)
    )
    if repair.refusal:
        show.say(show.safe(f"left alone: {repair.file}\n  {repair.refusal}"))
        return Outcome(repair, (), (), repair.refusal)
    if repair.safe.text != repair.old:
        write(repair, repair.old, repair.safe.text)
        show.say(show.safe(f"mended: {repair.file} ({', '.join(safe)})"))
    if repair.asked.text == repair.safe.text:
        return Outcome(repair, safe, ())
    if not ask.possible():
        return Outcome(repair, safe, asked, _NOBODY)
    show.say(show.difference(repair.file, repair.safe.text, repair.asked.text))
    if not click.confirm(f"\nChange {repair.file} like this ({', '.join(asked)})?", err=True):
        return Outcome(repair, safe, asked, "you said no")
    write(repair, repair.safe.text, repair.asked.text)
    show.say(show.safe(f"mended: {repair.file} ({', '.join(asked)})"))
    return Outcome(repair, (*safe, *asked), ())


def refuse_unanswered(outcomes: Sequence[Outcome]) -> None:
    """Raise Missing for the files that nobody could be asked about, by their names."""
    open_ = [one for one in outcomes if one.why_not == _NOBODY]
    if open_:
        listed = ", ".join(f"{one.repair.file} ({', '.join(one.left)})" for one in open_)
        raise Missing(
            f"these changes need a yes, and there is no terminal to ask: {listed}",
            hint="run `conductor lint --fix` in a terminal, or take the edits from `lint --json`",
        )


def documents(outcomes: Sequence[Outcome]) -> list[dict[str, object]]:
    """Lay out for `--json` what was done and what was not."""
    return list(_documents(outcomes))


def _documents(outcomes: Sequence[Outcome]) -> Iterator[dict[str, object]]:
    for one in outcomes:
        yield {
            "file": one.repair.file,
            "mended": list(one.written),
            "left": list(one.left),
            "why_not": one.why_not,
        }
