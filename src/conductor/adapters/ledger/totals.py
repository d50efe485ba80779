"""Sums over the whole ledger, as reports need them: no row of a run is read for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Label, Select, and_, case, func, literal_column, select

from conductor.adapters.ledger.base import STANDS, Base
from conductor.adapters.ledger.rows import usage_of
from conductor.adapters.ledger.tables import evaluation, run, usage
from conductor.core.evaluation import Verdict
from conductor.core.evidence import USED, Tally
from conductor.core.judged import Outputs, Poor
from conductor.core.run import RunStatus
from conductor.core.usage import Usage

_POOR = str(Verdict.POOR)
_NEWEST = 50  # judgements that say what one takes


class Totals(Base):
    """The part of the ledger that adds up."""

    def usage(self, *, bound_digest: str = "") -> tuple[Usage, ...]:
        """Give how often each form ran, day by day, as `core.usage.add_up` defines it."""
        query = select(usage).order_by(*list(usage.c)[:8])
        if bound_digest:
            query = query.where(usage.c.bound_digest == bound_digest)
        return tuple(usage_of(row) for row in self._read(query))

    def uses(self, bound_digest: str, *, after: str, limit: int = 0) -> list[tuple[str, RunStatus]]:
        """List the uses of a form after a run, oldest first; `limit` keeps the newest so many."""
        query = select(run.c.id, run.c.status).where(
            run.c.bound_digest == bound_digest,
            run.c.id > after,
            run.c.status.in_([str(status) for status in USED]),
        )
        query = query.order_by(run.c.id.desc())
        rows = self._read(query.limit(limit) if limit else query)
        return [(row["id"], RunStatus(row["status"])) for row in reversed(rows)]

    def tallies(
        self, bound_digests: Sequence[str], *, after: str = ""
    ) -> dict[str, tuple[Tally, ...]]:
        """Count the standing verdicts of these forms, judge by judge; forms without any lack.

        `after` counts only verdicts on runs that came later than this one.
        """
        by_judge: dict[tuple[str, str], dict[str, int]] = {}
        query = _verdicts(bound_digests).where(STANDS, *self._counts())
        for row in self._read(query.where(evaluation.c.run > after) if after else query):
            counts = by_judge.setdefault((row["bound_digest"], row["judge"]), {})
            counts[row["verdict"]] = row["count"]
        tallies: dict[str, tuple[Tally, ...]] = {}
        for (digest, judge), counts in sorted(by_judge.items()):
            numbers = {str(verdict): counts.get(verdict, 0) for verdict in Verdict}
            tallies[digest] = (*tallies.get(digest, ()), Tally(judge=judge, **numbers))
        return tallies

    def judged_forms(self) -> dict[str, dict[str, int]]:
        """Count the standing verdicts of each ensemble's forms, the form judged last first."""
        columns = (evaluation.c.ensemble, evaluation.c.bound_digest)
        newest = func.max(evaluation.c.id)
        query = select(*columns, func.count().label("count")).where(STANDS, *self._counts())
        query = query.group_by(*columns)
        forms: dict[str, dict[str, int]] = {}
        for row in self._read(query.order_by(newest.desc())):
            forms.setdefault(row["ensemble"], {})[row["bound_digest"]] = row["count"]
        return forms

    def poor(self) -> list[Poor]:
        """List the poor verdicts that stand, oldest first."""
        names = ("id", "task", "failure_mode", "input_digest", "bound_digest")
        columns = (evaluation.c[name] for name in names)
        # Written out: a database must see it to take the index that has nothing else.
        bad = evaluation.c.verdict == literal_column(f"'{_POOR}'")
        query = select(*columns).where(bad, STANDS, *self._counts())
        found = self._tuples(query.order_by(evaluation.c.id))
        return [
            Poor(id=one, task=task, failure_mode=mode, input_digest=given, bound_digest=form)
            for one, task, mode, given, form in found
        ]

    def judging(self, bound_digests: Sequence[str]) -> dict[str, float]:
        """Give the tokens that a judgement of each form takes, on average of the newest ones."""
        found = {}
        for digest in bound_digests:
            query = select(evaluation.c.judge_tokens).where(evaluation.c.bound_digest == digest)
            rows = self._tuples(query.order_by(evaluation.c.id.desc()).limit(_NEWEST))
            if tokens := [int(one) for (one,) in rows]:
                found[digest] = sum(tokens) / len(tokens)
        return found

    def outputs(self) -> list[Outputs]:
        """Say what became of the outputs that were judged, form by form."""
        digest, cost = evaluation.c.bound_digest, evaluation.c.judge_tokens
        runs = (
            select(
                digest,
                func.max(evaluation.c.saved_tokens).label("tokens"),
                func.max(_if(evaluation.c.verdict == _POOR, 1)).label("poor"),
                _total(cost, "cost"),
            )
            .where(STANDS, *self._counts())
            .group_by(evaluation.c.run, digest)  # as the index has them
            .subquery()
        )
        tokens, poor = runs.c.tokens, runs.c.poor == 1
        found = self._read(
            select(
                runs.c.bound_digest,
                func.count().label("judged_runs"),
                _total(_if(and_(tokens > 0, ~poor), 1), "accepted_runs"),
                _total(_if(~poor, tokens), "accepted_tokens"),
                _total(_if(and_(tokens > 0, poor), 1), "poor_runs"),
                _total(_if(poor, tokens), "poor_tokens"),
                _total(runs.c.cost, "judge_tokens"),
            ).group_by(runs.c.bound_digest)
        )
        corrected = select(digest, _total(cost, "cost")).where(~STANDS).group_by(digest)
        spent = {row["bound_digest"]: int(row["cost"]) for row in self._read(corrected)}
        return [_outputs(row, spent.get(row["bound_digest"], 0)) for row in found]


def _outputs(row: Mapping[str, Any], corrected: int) -> Outputs:
    counts = {name: int(row[name]) for name in row if name != "bound_digest"}
    counts["judge_tokens"] += corrected  # a correction does not give them back
    return Outputs(bound_digest=row["bound_digest"], **counts)


def _if(holds: ColumnElement[bool], then: ColumnElement[int] | int) -> ColumnElement[int]:
    return case((holds, then), else_=0)


def _total(of: ColumnElement[int], name: str) -> Label[int]:
    return func.sum(of).label(name)


def _verdicts(bound_digests: Sequence[str]) -> Select[Any]:
    columns = (evaluation.c.bound_digest, evaluation.c.judge, evaluation.c.verdict)
    query = select(*columns, func.count().label("count"))
    return query.where(evaluation.c.bound_digest.in_(bound_digests)).group_by(*columns)
