"""What every part of the ledger does with a database: read, write, and add what is new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from conductor.adapters.ledger.connect import WRITES, translated
from conductor.adapters.ledger.tables import evaluation

CHUNK = 500  # rows in one statement
_INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

# A judgement that another one corrects no longer stands.
STANDS = evaluation.c.id.not_in(
    select(evaluation.c.supersedes).where(evaluation.c.supersedes != "")
)


class Base:
    """A database whose errors are told in our words."""

    def __init__(self, engine: Engine, url: str) -> None:
        self._engine = engine
        self._writer = engine.execution_options(**{WRITES: True})
        self._url = url

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Open a transaction; what it wrote is durable when the context is left."""
        with translated(self._url), self._writer.begin() as connection:
            yield connection

    def _read(self, query: Select[Any]) -> list[Mapping[str, Any]]:
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
