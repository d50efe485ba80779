"""What a report says about quality: acceptance, where ensembles are, coverage and escalations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conductor.core.evidence import Tally
from conductor.core.report import Escalations, Line, Report, by_task
from conductor.formats.report import words
from conductor.formats.report.section import Cells, Section
from conductor.formats.text import plural

_JUDGED = ("judge", "n", "good", "accepted", "95 %")


def ensembles(lines: Sequence[Line]) -> Section:
    rows = [
        (line.evidence.ensemble, words.number(line.evidence.uses), *cells, str(line.stage.state))
        for line in lines
        for cells in [_judged(tally) for tally in line.evidence.tallies] or [("",) * 5]
    ]
    return Section(
        key="ensembles",
        title="Acceptance by ensemble, in its present form",
        head=("ensemble", "uses", *_JUDGED, "state"),
        rows=tuple(rows),
        numeric=frozenset({1, 3, 4, 5, 6}),
        notes=tuple(note for line in lines for note in _next(line)),
    )


def tasks(report: Report) -> Section:
    found = by_task(report.lines)
    alone = len({one.evidence.task for one in report.lines}) == len(report.lines)
    return Section(
        key="tasks",
        title="Acceptance by task type",
        head=("task type", *_JUDGED),
        rows=tuple((task, *_judged(tally)) for task in found for tally in found[task]),
        numeric=frozenset({2, 3, 4, 5}),
        brief=() if alone else None,  # a screen says it once
    )


def _judged(tally: Tally) -> Cells:
    share = f"{tally.acceptance_percent} %"
    return (
        tally.judge,
        words.number(tally.judged),
        words.number(tally.good),
        share,
        (words.interval(tally)),
    )


def _next(line: Line) -> Iterator[str]:
    """Say where an ensemble is in its life, what is missing, and which verdicts lapsed."""
    name = line.evidence.ensemble
    tiers = ", ".join(
        f"{min(step.good, step.needed)} of {step.needed} good for {step.tier}"
        for step in line.standings
    )
    parts = (words.stage(line.stage), words.proofs(line.stage), tiers)
    yield f"{name}: {'; '.join(part for part in parts if part)}"
    yield from (f"{name}: {words.superseded(older)}" for older in line.superseded)


def sampling(lines: Sequence[Line]) -> Section:
    rows = tuple(
        (
            line.evidence.ensemble,
            words.number(line.evidence.uses),
            words.number(line.judged),
            words.share(line.judged, line.evidence.uses),
            line.stage.reason,
        )
        for line in lines
    )
    uses, judged = sum(one.evidence.uses for one in lines), sum(one.judged for one in lines)
    total = f"{words.number(judged)} of {words.number(uses)} uses of the present forms"
    return Section(
        key="sampling",
        title="Sampling coverage",
        lead=(f"{total} were judged ({words.share(judged, uses)}).",) if uses else (),
        head=("ensemble", "uses", "judged", "share", "why so many"),
        rows=rows,
        numeric=frozenset({1, 2, 3}),
        brief=(),
    )


def escalations(found: Sequence[Escalations]) -> Section:
    rows = tuple(
        (
            one.ensemble,
            words.number(one.uses),
            words.number(one.rejected),
            words.share(one.rejected, one.uses),
            words.number(one.failed),
        )
        for one in found
        if one.rejected or one.failed
    )
    uses, rejected = sum(one.uses for one in found), sum(one.rejected for one in found)
    failed = sum(one.failed for one in found)
    said = f"Checks turned {words.number(rejected)} of {words.number(uses)} outputs down"
    return Section(
        key="escalations",
        title="Escalations",
        lead=(f"{said} ({words.share(rejected, uses)}); {plural(failed, 'run')} failed.",)
        if rows
        else (),
        head=("ensemble", "uses", "turned down", "share", "failed"),
        rows=rows,
        numeric=frozenset({1, 2, 3, 4}),
        brief=(),
    )
