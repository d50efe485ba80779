"""Reading and appending. What a call has written is durable when the call returns."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Select, Table, desc, exists, func, insert, or_, select, union

from conductor.adapters.ledger.base import CHUNK, STANDS, add_new, by_key
from conductor.adapters.ledger.connect import connect
from conductor.adapters.ledger.contents import Contents
from conductor.adapters.ledger.history import History
from conductor.adapters.ledger.rows import (
    EntryT,
    artifact_of,
    artifact_row,
    decision_row,
    entry_of,
    entry_row,
    evaluation_of,
    evaluation_row,
    run_of,
    run_row,
)
from conductor.adapters.ledger.tables import (
    artifact,
    assessment,
    canary,
    consent,
    decision,
    evaluation,
    feedback,
    promotion,
    run,
    transition,
)
from conductor.adapters.ledger.totals import Totals
from conductor.adapters.ledger.transfer import Transfer
from conductor.core.entries import (
    Artifact,
    Assessment,
    CanaryVerdict,
    Consent,
    Entry,
    Feedback,
    Promotion,
    Transition,
)
from conductor.core.evaluation import LOCAL, Evaluation, Verdict
from conductor.core.replay import Logged, logged_of
from conductor.core.run import Run
from conductor.errors import LedgerError, UsageError

_SHORTEST_PREFIX = 4
_AFTER = "\N{TILDE}"  # sorts behind every character of an id

_ENTRIES: Mapping[type, Table] = {
    Feedback: feedback,
    Assessment: assessment,
    Promotion: promotion,
    Consent: consent,
    Transition: transition,
    CanaryVerdict: canary,
}


def open_ledger(url: str, routine: Callable[[], Collection[str]] = tuple) -> SqlLedger:
    """Open or create a ledger; raises LedgerError. Of local judges only `routine` ones count."""
    return SqlLedger(connect(url), url, routine)


class SqlLedger(Totals, History, Contents, Transfer):
    """Fits `core.ports.Ledger`; every method raises LedgerError when the database says no."""

    def add_run(self, one: Run, *, input_text: str | None, output_text: str | None) -> None:
        with self._writing() as connection:
            connection.execute(insert(run).values(run_row(one)))
            for text in (input_text, output_text):
                if text is not None:
                    self._keep(connection, text, one.at)

    def add_evaluation(self, one: Evaluation) -> None:
        with self._writing() as connection:
            judged = connection.execute(by_key(run), {"key": one.run}).mappings().first()
            if judged is None:
                raise LedgerError(f"there is no run `{one.run}` to judge", hint="see its id")
            connection.execute(insert(evaluation).values(evaluation_row(one, dict(judged))))

    def add(self, entry: Entry, *, text: str | None = None) -> None:
        """Append an entry; `text` is kept as content, under the digest that its `note` names."""
        with self._writing() as connection:
            connection.execute(insert(_ENTRIES[type(entry)]).values(entry_row(entry)))
            if text is not None:
                self._keep(connection, text, entry.at)

    def entries(self, kind: type[EntryT], *, ensemble: str = "") -> list[EntryT]:
        """List the entries of a kind, oldest first."""
        table = _ENTRIES[kind]
        query = select(table).order_by(table.c.id)
        if ensemble:
            query = query.where(table.c.ensemble == ensemble)
        return [entry_of(kind, row) for row in self._read(query)]

    def run(self, run_id: str) -> Run | None:
        """Find a run by its id or a beginning of it; raises UsageError when several begin so."""
        if len(run_id) < _SHORTEST_PREFIX:
            hint = "give more of the id, as `conductor report` shows it"
            raise UsageError(f"`{run_id}` is too short for a run's id", hint=hint)
        beginning = select(run).where(run.c.id >= run_id, run.c.id < run_id + _AFTER)
        found = self._read(beginning.order_by(run.c.id).limit(2))
        if len(found) > 1 and found[0]["id"] != run_id:
            raise UsageError(f"several runs begin with `{run_id}`", hint="write more of the id")
        return run_of(found[0]) if found else None

    def runs(
        self,
        *,
        ensemble: str = "",
        bound_digest: str = "",
        status: str = "",
        task: str = "",
        since: str = "",
        limit: int = 0,
    ) -> list[Run]:
        """List runs, oldest first; `limit` keeps the newest so many, 0 all."""
        query = select(run).order_by(desc(run.c.id))
        wanted = {"ensemble": ensemble, "bound_digest": bound_digest, "status": status}
        query = _where(query, run, wanted)
        if task:  # with the types below it
            query = query.where(or_(run.c.task == task, run.c.task.startswith(f"{task}.")))
        if since:
            query = query.where(run.c.at >= since)
        if limit:
            query = query.limit(limit)
        return [run_of(row) for row in reversed(self._read(query))]

    def pending(self) -> list[Run]:
        """List the runs that wait, oldest first: due, or complained about since last judged."""
        judged = exists().where(evaluation.c.run == run.c.id, *self._counts())
        # A complaint is no routine: a person or Claude looks at it.
        answered = exists().where(
            evaluation.c.run == feedback.c.run,
            evaluation.c.id > feedback.c.id,
            ~evaluation.c.judge.startswith(LOCAL, autoescape=True),
        )
        complaints = select(feedback.c.run).where(feedback.c.negative == 1, ~answered)
        # A union, because an `or` over both would look at every run.
        waits = union(select(run.c.id).where(run.c.due == 1, ~judged), complaints)
        ids = sorted(row["id"] for row in self._read(waits))
        found = []
        # In two steps, because PostgreSQL takes many to wait, and would look at every run.
        for start in range(0, len(ids), CHUNK):
            chunk = select(run).where(run.c.id.in_(ids[start : start + CHUNK]))
            found += [run_of(row) for row in self._read(chunk.order_by(run.c.id))]
        return found

    def evaluations(
        self,
        *,
        ensemble: str = "",
        bound_digest: str = "",
        run_id: str = "",
        counting: bool = False,
    ) -> list[Evaluation]:
        """List evaluations, oldest first, superseded ones left out."""
        wanted = {"ensemble": ensemble, "bound_digest": bound_digest, "run": run_id}
        which = (STANDS, *self._counts()) if counting else (STANDS,)
        query = _where(select(evaluation).where(*which), evaluation, wanted)
        return [evaluation_of(row) for row in self._read(query.order_by(evaluation.c.id))]

    def ingest_decisions(self, lines: Iterable[Mapping[str, object]]) -> int:
        """Take in lines of decisions.jsonl, each once by its id; gives how many were new."""
        rows = [row for line in lines if (row := decision_row(line))]
        with self._writing() as connection:
            return add_new(connection, decision, rows)

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
        query = (
            select(run.c.decision, evaluation.c.verdict)
            .join(evaluation, evaluation.c.run == run.c.id)
            .where(run.c.decision != "", STANDS, *self._counts())
            .order_by(evaluation.c.id)
        )
        return {row["decision"]: Verdict(row["verdict"]) for row in self._read(query)}

    def ingest_artifacts(self, artifacts: Iterable[Artifact]) -> int:
        """Take in what the engine recorded without us, each file once; gives how many were new."""
        rows = [artifact_row(one) for one in artifacts]
        with self._writing() as connection:
            return add_new(connection, artifact, rows)

    def artifacts(self) -> list[Artifact]:
        query = select(artifact).order_by(artifact.c.at, artifact.c.id)
        return [artifact_of(row) for row in self._read(query)]


def _where(query: Select[Any], table: Table, wanted: Mapping[str, str]) -> Select[Any]:
    for name, value in wanted.items():
        if value:
            query = query.where(table.c[name] == value)
    return query
