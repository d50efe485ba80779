"""A report as the object of `--json`: percentages are whole numbers, tokens are counts."""

from __future__ import annotations

from dataclasses import asdict

from conductor.core.evidence import Tally
from conductor.core.price import Baseline, Tokens
from conductor.core.report import Line, Report, Superseded, by_task
from conductor.core.savings import Row, Savings
from conductor.formats.learning import insight

Json = dict[str, object]


def document(one: Report) -> Json:
    """Give everything that the report holds; later versions only add keys."""
    return {
        "revision": one.revision,
        "made_on": one.made_on,
        "savings": _savings(one.savings),
        "money": [_money(baseline, one.savings) for baseline in one.baselines],
        "ensembles": [_line(line) for line in one.lines],
        "tasks": [
            {"task": task, "judges": [_tally(tally) for tally in tallies]}
            for task, tallies in by_task(one.lines).items()
        ],
        "periods": asdict(one.periods),
        "escalations": [asdict(found) for found in one.escalations],
        "unpaying": {name: asdict(found) for name, found in one.unpaying.items()},
        "missed": {
            "decisions": one.missed.decisions,
            "local": one.missed.local,
            "unused": one.missed.unused,
            "near": [insight(found) for found in one.missed.near],
        },
        "pending": [run.id for run in one.pending],
        "due_reasons": {run.id: run.due_reason for run in one.pending},
        "decisions": dict(one.decisions),
        "lora_candidates": [asdict(candidate) for candidate in one.candidates],
        "context": asdict(one.context),
    }


def _savings(one: Savings) -> Json:
    return {
        "gross": one.gross,
        "rework": one.rework,
        "judging": one.judging,
        "net": {
            "shown": _tokens(one.headline),
            "least": _tokens(one.least),
            "most": _tokens(one.most),
        },
        "rows": [_row(row) for row in one.rows],
        "estimators": list(one.estimators),
        "input_tokens": one.input_tokens,
        "output_tokens": one.output_tokens,
        "succeeded": one.succeeded,
        "rejected": one.rejected,
        "failed": one.failed,
        "interrupted": one.interrupted,
    }


def _row(row: Row) -> Json:
    return {
        "name": row.name,
        "count": row.count,
        "grade": str(row.grade),
        "gross": row.gross,
        "rework": list(row.rework),
        "reading": row.reading,
        "overhead": [_tokens(row.unavoidable), _tokens(row.overhead)],
        "least": _tokens(row.least),
        "most": _tokens(row.most),
    }


def _tokens(one: Tokens) -> Json:
    return {"written": one.written, "read": one.read}


def _money(one: Baseline, savings: Savings) -> Json:
    """Give the amounts in the price's currency; null without a price."""
    amounts = (savings.headline, savings.least, savings.most)
    names = ("shown", "least", "most")
    return {
        "model": one.model,
        "price": asdict(one.price) if one.price else None,
        "stale": one.stale,
        **{
            name: round(one.price.of(amount), 6) if one.price else None
            for name, amount in zip(names, amounts, strict=True)
        },
    }


def _line(line: Line) -> Json:
    one = line.evidence
    return {
        "ensemble": one.ensemble,
        "task": one.task,
        "text_digest": one.text_digest,
        "bound_digest": one.bound_digest,
        "uses": one.uses,
        "judged": line.judged,
        "rejected": one.rejected,
        "sampling": asdict(line.stage),
        "judges": [_tally(tally) for tally in one.tallies],
        "tiers": [asdict(step) for step in line.standings],
        "superseded": [
            {"evaluations": older.evaluations, "changes": _changes(older)}
            for older in line.superseded
        ],
    }


def _tally(tally: Tally) -> Json:
    return {
        **asdict(tally),
        "judged": tally.judged,
        "acceptance_percent": tally.acceptance_percent,
        "interval_percent": list(tally.interval_percent),
    }


def _changes(older: Superseded) -> list[dict[str, str]] | None:
    if older.changes is None:
        return None
    return [{"kind": kind, "name": name, "change": how} for kind, name, how in older.changes]
