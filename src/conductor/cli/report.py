"""`conductor report`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from conductor.app import wire
from conductor.cli import show
from conductor.core.footprint import footprint
from conductor.core.run import short_id

if TYPE_CHECKING:
    from conductor.app.report import Line, Report, Superseded
    from conductor.core.evidence import Tally
    from conductor.core.sampling import Proof, Stage
    from conductor.core.savings import Savings

_SHOWN = 3  # runs that wait
_WIDTH = 100


@click.command(name="report")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(folder: str, as_json: bool) -> int:
    """Show uses, verdicts and net savings."""
    from conductor.app.project import Project
    from conductor.app.report import report

    with Project(folder) as project:
        found = report(project)
    if as_json:
        show.document(wire.report(found))
    else:
        show.result(screen(found))
    return 0


def screen(report: Report) -> str:
    """Lay out the report for a person, at most 100 columns wide."""
    if not report.lines and not report.savings.failed and not report.savings.interrupted:
        return "\n".join(
            [
                "Nothing has run yet.",
                *_decisions(report),
                "next: conductor run summarize-document --input-file FILE",
            ]
        )
    blocks = ["\n".join(_ensemble(line)) for line in report.lines] + [
        "\n".join(_savings(report.savings))
    ]
    extras = (_context(report), _decisions(report), _candidates(report), _waiting(report))
    blocks.extend("\n".join(extra) for extra in extras if extra)
    return "\n\n".join(blocks)


def _ensemble(line: Line) -> list[str]:
    one = line.evidence
    rejected = f", {one.rejected} rejected by checks" if one.rejected else ""
    rows = [f"{one.ensemble}  {show.plural(one.uses, 'use')}{rejected}"]
    rows.extend(f"  {_tally(tally)}" for tally in one.tallies)
    if not one.tallies:
        rows.append("  not judged yet")
    rows.extend(stage_rows(line.stage))
    rows.extend(
        f"  to {step.tier:<8} {min(step.good, step.needed)} of {step.needed} good"
        + (": ready for a readiness check" if step.reached else "")
        for step in line.standings
    )
    rows.extend(f"  {_superseded(older)}" for older in line.superseded)
    return rows


def stage_rows(stage: Stage) -> Iterator[str]:
    """Say where an ensemble is in its life, and how far each test is from calling it so."""
    word = f"{stage.state}: "
    yield f"  {word}{stage.reason.removeprefix(word)}"
    for proof in stage.proofs:
        if not (proof.passed and stage.state == "established"):
            yield f"    established by `{proof.name}`: {_missing(proof)}"


def _missing(proof: Proof) -> str:
    if proof.passed:
        return "yes"
    uses = f"after about {show.plural(proof.needed_uses, 'more use')}"
    verdicts = show.plural(proof.needed_judged, "verdict")
    return f"{uses}, if the next {verdicts} accept" if proof.needed_judged else uses


def _superseded(older: Superseded) -> str:
    """Say which evaluations lapsed, and which part of the closure made them."""
    judged = show.plural(older.evaluations, "earlier evaluation")
    verb = "counts" if older.evaluations == 1 else "count"
    if older.changes is None:
        return f"{judged} no longer {verb}: the ensemble was another one then"
    parts = ", ".join(f"{kind} {name} {how}" for kind, name, how in older.changes)
    return f"{judged} no longer {verb}: {parts}"


def _tally(tally: Tally) -> str:
    low, high = tally.interval_percent
    verdicts = f"{tally.good} good, {tally.acceptable} acceptable, {tally.poor} poor"
    rate = f"{tally.acceptance_percent} % accepted"
    certainty = f"n = {tally.judged}, 95 % interval {low}-{high} %"
    return f"by {tally.judge}: {verdicts}; {rate} ({certainty})"


def _savings(savings: Savings) -> list[str]:
    estimators = ", ".join(savings.estimators) or "nothing to estimate"
    replaced = f"what Claude would have written for {show.plural(savings.succeeded, 'run')}"
    rows = [
        ("gross", savings.gross, replaced),
        ("rework", -savings.rework, "of them judged poor: Claude has to do it again"),
        ("overhead", -savings.overhead, "spent on judging"),
        ("net", savings.net, ""),
    ]
    lines = [f"estimated Claude tokens ({estimators})"]
    lines.extend(f"  {name:<9}{amount:>10,}  {note}".rstrip() for name, amount, note in rows)
    lines.append(
        f"  local    {savings.input_tokens + savings.output_tokens:>10,}  tokens counted by the"
        f" model servers ({savings.input_tokens:,} in, {savings.output_tokens:,} out)"
    )
    bad = {
        "rejected": savings.rejected,
        "failed": savings.failed,
        "interrupted": savings.interrupted,
    }
    saved_nothing = ", ".join(f"{number} {name}" for name, number in bad.items() if number)
    if saved_nothing:
        lines.append(f"  runs that saved nothing: {saved_nothing}")
    return lines


def _context(report: Report) -> list[str]:
    """Say what the plugin for Claude Code costs, and whether a run here saves enough to pay it."""
    one = footprint(report.savings)
    lines = [
        "in Claude Code the plugin costs, in estimated tokens",
        f"  {one.session:,} a session, {one.skill:,} once the skill is used;"
        f" a run {one.written} written, {one.read} read",
    ]
    if not one.saved_per_run:
        return lines
    runs = f"pays from {show.plural(one.pays_from or 0, 'run')} a session on"
    paying = runs if one.pays_from else "does not pay: longer outputs would"
    return [*lines, f"  at {one.saved_per_run:,} saved per run it {paying}"]


def _decisions(report: Report) -> list[str]:
    if not report.decisions:
        return []
    counts = ", ".join(f"{number} {outcome}" for outcome, number in report.decisions.items())
    return [f"decisions logged: {counts}"]


def _candidates(report: Report) -> list[str]:
    return [
        f"fine-tune {one.model or 'a model'} for `{one.task}`? {one.matching} of {one.poor} poor"
        f" outputs have one failure mode: {one.failure_mode}"
        for one in report.candidates
    ]


def _waiting(report: Report) -> list[str]:
    """Show the newest runs that wait, each with the reason why."""
    if not report.pending:
        return []
    newest = report.pending[-_SHOWN:]
    more = len(report.pending) - len(newest)
    rows = [f"{show.plural(len(report.pending), 'run')} waiting to be judged"]
    rows += [f"  and {more} older"] if more else []
    rows.extend(
        show.safe(f"  {short_id(run.id)}  {run.ensemble}  {run.due_reason}")[:_WIDTH]
        for run in newest
    )
    return [*rows, "next: conductor evaluate --pending"]
