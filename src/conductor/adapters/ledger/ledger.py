"""Reading and appending. What a call has written is durable when the call returns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Engine, Select, desc, func, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_or

from conductor.adapters.ledger.connect import WRITES, connect, translated
from conductor.adapters.ledger.rows import (
    decision_row,
    evaluation_of,
    evaluation_row,
    run_of,
    run_row,
)
from conductor.adapters.ledger.tables import content, decision, evaluation, run
from conductor.core.digest import digest_bytes
from conductor.core.evaluation import Evaluation, Verdict
from conductor.core.replay import Logged, logged_of
from conductor.core.run import Run
from conductor.errors import UsageError

_SHORTEST_PREFIX = 4
_CHUNK = 500  # rows in one statement


def open_ledger(url: str) -> SqlLedger:
    """Open or create a ledger; raises LedgerError."""
    return SqlLedger(connect(url), url)


class SqlLedger:
    """Fits `core.ports.Ledger`; every method raises LedgerError when the database says no."""

    def __init__(self, engine: Engine, url: str) -> None:
        self._engine = engine
        self._writer = engine.execution_options(**{WRITES: True})
        self._url = url

    def close(self) -> None:
        self._engine.dispose()

    def add_run(self, one: Run, *, input_text: str | None, output_text: str | None) -> None:
        texts = [text for text in (input_text, output_text) if text is not None]
        with translated(self._url), self._writer.begin() as connection:
            connection.execute(insert(run).values(run_row(one)))
            for text in texts:
                row = {"digest": digest_bytes(text.encode()), "text": text}
                connection.execute(insert_or(content).values(row).on_conflict_do_nothing())

    def add_evaluation(self, one: Evaluation) -> None:
        with translated(self._url), self._writer.begin() as connection:
            connection.execute(insert(evaluation).values(evaluation_row(one)))

    def run(self, run_id: str) -> Run | None:
        """Find a run by its id or a beginning of it; raises UsageError when several begin so."""
        if len(run_id) < _SHORTEST_PREFIX:
            hint = "see `conductor report` for the ids"
            raise UsageError(f"`{run_id}` is too short for a run's id", hint=hint)
        found = self._read(select(run).where(run.c.id.startswith(run_id, autoescape=True)).limit(2))
        if len(found) > 1:
            raise UsageError(f"several runs begin with `{run_id}`", hint="write more of the id")
        return run_of(found[0]) if found else None

    def runs(self, *, ensemble: str = "", bound_digest: str = "", limit: int = 0) -> list[Run]:
        """List runs, oldest first; `limit` keeps the newest so many, 0 all."""
        query = select(run).order_by(desc(run.c.id))
        if ensemble:
            query = query.where(run.c.ensemble == ensemble)
        if bound_digest:
            query = query.where(run.c.bound_digest == bound_digest)
        if limit:
            query = query.limit(limit)
        return [run_of(row) for row in reversed(self._read(query))]

    def pending(self) -> list[Run]:
        judged = select(evaluation.c.run)
        query = select(run).where(run.c.due == 1, run.c.id.not_in(judged)).order_by(run.c.id)
        return [run_of(row) for row in self._read(query)]

    def evaluations(
        self, *, ensemble: str = "", bound_digest: str = "", run_id: str = ""
    ) -> list[Evaluation]:
        """List evaluations, oldest first, superseded ones left out."""
        superseded = select(evaluation.c.supersedes)
        query = select(evaluation).where(evaluation.c.id.not_in(superseded))
        wanted = {"ensemble": ensemble, "bound_digest": bound_digest, "run": run_id}
        for name, value in wanted.items():
            if value:
                query = query.where(evaluation.c[name] == value)
        return [evaluation_of(row) for row in self._read(query.order_by(evaluation.c.id))]

    def ingest_decisions(self, lines: Iterable[Mapping[str, object]]) -> int:
        """Take in lines of decisions.jsonl, each once by its id; gives how many were new."""
        rows = [row for line in lines if (row := decision_row(line))]
        new = 0
        with translated(self._url), self._writer.begin() as connection:
            for start in range(0, len(rows), _CHUNK):
                chunk = insert_or(decision).values(rows[start : start + _CHUNK])
                new += connection.execute(chunk.on_conflict_do_nothing()).rowcount
        return new

    def decisions(self) -> dict[str, int]:
        query = select(decision.c.outcome, func.count().label("count"))
        rows = self._read(query.group_by(decision.c.outcome).order_by(decision.c.outcome))
        return {row["outcome"]: row["count"] for row in rows}

    def logged(self) -> Iterator[Logged]:
        """Give the decisions taken in so far with their facts, oldest first."""
        query = select(decision.c.id, decision.c.facts).order_by(decision.c.id)
        for row in self._read(query):
            if one := logged_of(row["id"], json.loads(row["facts"])):
                yield one

    def verdicts_by_decision(self) -> dict[str, Verdict]:
        """Give what was judged last about a run that a decision led to, by the decision's id."""
        superseded = select(evaluation.c.supersedes)
        query = (
            select(run.c.decision, evaluation.c.verdict)
            .join(evaluation, evaluation.c.run == run.c.id)
            .where(run.c.decision != "", evaluation.c.id.not_in(superseded))
            .order_by(evaluation.c.id)
        )
        return {row["decision"]: Verdict(row["verdict"]) for row in self._read(query)}

    def content(self, digest: str) -> str | None:
        """Give a kept input or output back; None when it was not kept."""
        rows = self._read(select(content.c.text).where(content.c.digest == digest))
        return str(rows[0]["text"]) if rows else None

    def _read(self, query: Select[Any]) -> list[Mapping[str, Any]]:
        with translated(self._url), self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]
