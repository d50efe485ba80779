"""What a report says, section by section; each form lays the same sections out in its own way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conductor.core.footprint import Footprint
from conductor.core.report import Report
from conductor.core.run import short_id
from conductor.core.savings import Grade
from conductor.formats.report import quality, words
from conductor.formats.report.section import Section
from conductor.formats.text import plural

WAITING = 3  # runs that are shown
NOTHING_YET = "Nothing has run yet."
FIRST_STEP = "conductor run summarize-document --input-file FILE"
JUDGE = "conductor evaluate --pending"
_NAMED = 5  # in a sentence
_NEAR = 3  # of what was missed


def outline(report: Report) -> tuple[Section, ...]:
    """Give the sections that have something to say, the most important first."""
    if report.empty:
        told = (_missed(report), _decisions(report))
        return tuple(one for one in told if one.lead)
    sections = (
        _saved(report),
        _account(report),
        _time(report),
        quality.ensembles(report.lines),
        quality.tasks(report),
        quality.sampling(report.lines),
        quality.escalations(report.escalations),
        _unpaying(report),
        _missed(report),
        _context(report.context),
        _decisions(report),
        _waiting(report),
    )
    return tuple(one for one in sections if one.lead or one.rows)


def _saved(report: Report) -> Section:
    found = report.savings
    rows = tuple(
        (
            one.model,
            words.money(one.price.of(found.headline), one.price.currency) if one.price else "",
            words.between(one, found.least, found.most),
            words.price(one),
        )
        for one in report.baselines
    )
    return Section(
        key="savings",
        title="Net savings",
        lead=(words.headline(found),),
        head=("against", "shown", "possible", "price per million tokens"),
        rows=rows,
        numeric=frozenset({1, 2}),
        notes=tuple(_remarks(report)),
    )


def _remarks(report: Report) -> Iterator[str]:
    if not report.baselines:
        yield "No baseline in policy/models.toml: savings are told in tokens only."
    for one in report.baselines:
        if one.price and one.stale:
            yield f"The price of {one.model} is of {one.price.date}: look it up again."


def _account(report: Report) -> Section:
    found = report.savings
    rows = [
        (
            words.LABELS[row.name],
            words.number(row.count),
            words.number(row.gross),
            words.number(-row.rework[1]),
            words.number(-row.overhead.written),
            *map(words.number, row.least),
            str(row.grade),
        )
        for row in found.rows
        if row.count
    ]
    nets = (
        ("net, shown", found.headline, Grade.MEASURED),
        ("net, everything", found.least, Grade.ASSUMED),
    )
    return Section(
        key="account",
        title="How that comes about: estimated tokens of Claude, every cost at its highest",
        head=("what", "runs", "gross", "rework", "overhead", "net written", "net read", "grade"),
        rows=(
            *rows,
            *(
                (name, "", "", "", "", *map(words.number, total), str(grade))
                for name, total, grade in nets
            ),
        ),
        numeric=frozenset(range(1, 7)),
        notes=(
            f"Estimated by {', '.join(found.estimators) or 'nothing'}, nine in ten within 15 %."
            f" Local models read {words.number(found.input_tokens)} tokens and wrote"
            f" {words.number(found.output_tokens)}, as servers counted; in loops, as estimated.",
            *words.UNKNOWABLE,
        ),
        brief=(words.UNKNOWABLE[0],),
    )


def _time(report: Report) -> Section:
    found = report.periods
    unit = "day" if found.days == 1 else "week"
    rows = tuple(
        (
            one.day,
            words.number(one.runs),
            words.number(one.saved),
            words.number(one.lost),
        )
        for one in found.each
        if one.runs
    )
    return Section(
        key="time",
        title=f"Tokens that small models wrote and that passed the checks, by {unit}",
        head=(f"{unit} of", "runs", "passed, tokens", "not passed, tokens"),
        rows=rows,
        numeric=frozenset({1, 2, 3}),
    )


def _unpaying(report: Report) -> Section:
    found = report.unpaying
    rows = tuple(
        (name, words.number(one.saved_per_run), f"{one.written} written, {one.read} read")
        for name, one in found.items()
    )
    names = [f"{name} ({words.number(one.saved_per_run)})" for name, one in found.items()]
    return Section(
        key="unpaying",
        title="What does not pay in Claude Code",
        lead=(f"a call costs more than these save per run: {_some(names)}.",) if rows else (),
        head=("ensemble", "saved per run", "tokens that a call costs"),
        rows=rows,
        numeric=frozenset({1}),
        brief=(),
    )


def _some(names: Sequence[str]) -> str:
    """Name a few; the rest is counted."""
    more = len(names) - _NAMED
    return ", ".join([*names[:_NAMED], *([f"and {more} more"] if more > 0 else [])])


def _missed(report: Report) -> Section:
    found = report.missed
    lead = []
    if found.unused:
        lead.append(
            f"{words.number(found.unused)} of {plural(found.local, 'task')} decided for small"
            " models were perhaps not delegated: no run names the decision."
        )
    lead += [
        f"{words.number(one.count)} of {words.number(one.total)} tasks of Claude's lacked only"
        f" `{one.fact}` for rule `{one.subject}`."
        for one in found.near[:_NEAR]
    ]
    return Section(
        key="missed",
        title="Missed opportunities",
        lead=tuple(lead),
    )


def _context(one: Footprint) -> Section:
    lead = [
        f"{words.number(one.session)} a session, {words.number(one.skill)} with the skill,"
        f" {one.written + one.read} a run."
    ]
    if one.saved_per_run:
        runs = f"pays from {plural(one.pays_from or 0, 'run')} a session on"
        paying = runs if one.pays_from else "does not pay: longer outputs would"
        lead.append(f"At {words.number(one.saved_per_run)} saved per run it {paying}.")
    return Section(
        key="context",
        title="Tokens of context in Claude Code",
        lead=tuple(lead),
    )


def _decisions(report: Report) -> Section:
    counts = ", ".join(
        f"{words.number(count)} {outcome}" for outcome, count in report.decisions.items()
    )
    return Section(
        key="decisions", title="Decisions logged", lead=(f"{counts}.",) if counts else ()
    )


def _waiting(report: Report) -> Section:
    newest = report.pending[-WAITING:]
    tuned = [
        f"Fine-tune {one.model or 'a model'} for `{one.task}`? {one.matching} of {one.poor} poor"
        f" outputs have one failure mode: {one.failure_mode}."
        for one in report.candidates
    ]
    waits = [f"{plural(len(report.pending), 'run')} waiting to be judged:"] * bool(newest)
    more = len(report.pending) - len(newest)
    return Section(
        key="next",
        title="What waits for you",
        lead=(*tuned, *waits),
        head=("run", "ensemble", "why it is to be judged") if newest else (),
        rows=tuple((short_id(run.id), run.ensemble, run.due_reason) for run in newest),
        notes=(*([f"And {words.number(more)} older ones."] * (more > 0)), f"next: {JUDGE}")
        if newest
        else (),
    )
