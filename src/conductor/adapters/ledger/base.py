"""What every part of the ledger does with a database: read, write, and add what is new."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Engine,
    Select,
    Table,
    bindparam,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from conductor.adapters.ledger.connect import WRITES, translated
from conductor.adapters.ledger.tables import evaluation, transition
from conductor.core.evaluation import LOCAL

CHUNK = 500  # rows in one statement
_INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

# A judgement that another one corrects no longer stands.
STANDS = evaluation.c.id.not_in(
    select(evaluation.c.supersedes).where(evaluation.c.supersedes != "")
)


class Base:
    """A database whose errors are told in our words."""

    def __init__(
        self, engine: Engine, url: str, routine: Callable[[], Collection[str]] = tuple
    ) -> None:
        """Take a database; `routine` names the local judges whose verdicts count."""
        self._engine = engine
        self._routine = routine
        self._writer = engine.execution_options(**{WRITES: True})
        self._url = url

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Open a transaction; what it wrote is durable when the context is left."""
        with translated(self._url), self._writer.begin() as connection:
            yield connection

    def _counts(self) -> list[ColumnElement[bool]]:
        """Give the conditions for verdicts that figures count: by no mere candidate.

        Whoever has judged locally has left a note of its state, so few rows tell who there is.
        """
        local = transition.c.ensemble.startswith(LOCAL, autoescape=True)
        rows = self._read(select(transition.c.ensemble).where(local).distinct())
        judges = {row["ensemble"] for row in rows}
        candidates = judges.difference(self._routine()) if judges else judges
        return [evaluation.c.judge.not_in(candidates)] if candidates else []

    def _read(self, query: Select[Any] | CompoundSelect[Any]) -> list[Mapping[str, Any]]:
        with translated(self._url), self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def _tuples(self, query: Select[Any]) -> list[tuple[Any, ...]]:
        """Read rows that are many, without the names of their columns."""
        with translated(self._url), self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(query)]


def add_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> int:
    """Add the rows whose key is not there yet; gives how many those were."""
    key = next(iter(table.primary_key))
    statement = _INSERT[connection.dialect.name](table).on_conflict_do_nothing().returning(key)
    new = 0
    for start in range(0, len(rows), CHUNK):
        chunk = [dict(row) for row in rows[start : start + CHUNK]]
        new += len(connection.execute(statement.values(chunk)).all())
    return new


def by_key(table: Table) -> Select[Any]:
    """Select the row of one key, given as `key`."""
    return select(table).where(next(iter(table.primary_key)) == bindparam("key"))
