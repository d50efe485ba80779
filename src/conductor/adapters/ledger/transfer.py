"""The whole ledger as rows, out and in again: between machines, and between databases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import BigInteger, Connection, Double, Table, bindparam, func, select, text

from conductor.adapters.ledger.base import CHUNK, Base, add_new
from conductor.adapters.ledger.connect import alone, translated
from conductor.adapters.ledger.migrations import STEPS
from conductor.adapters.ledger.rows import storable
from conductor.adapters.ledger.tables import RECORDS, content, run, usage
from conductor.core.transfer import Line, Taken
from conductor.errors import LedgerError

VERSION = len(STEPS)  # of the schema; goes up by one per step
_TABLES: Mapping[str, Table] = {table.name: table for table in (*RECORDS, content)}
_SUMMED = ("input_tokens", "output_tokens", "claude_tokens")


class Transfer(Base):
    """The part of the ledger that copies and looks after itself."""

    @property
    def version(self) -> int:
        return VERSION

    def rows(self) -> Iterator[Line]:
        """Give every row of every table as it is stored, what is referred to first."""
        with translated(self._url), self._engine.connect() as connection:
            for name, table in _TABLES.items():
                query = select(table).order_by(next(iter(table.primary_key)))
                result = connection.execution_options(yield_per=CHUNK).execute(query)
                for row in result.mappings():
                    yield name, dict(row)

    def take_in(self, lines: Iterable[Line]) -> Taken:
        """Add the rows that are not there yet, all or none; raises LedgerError for a wrong one.

        A row that is there with other content is left as it is and counted apart.
        """
        new: dict[str, int] = {}
        known = different = 0
        with self._writing() as connection:
            alone(connection)
            for name, group in groupby(lines, key=lambda line: line[0]):
                table = _TABLES.get(name)
                if table is None:
                    raise LedgerError(f"the ledger has no table `{name}`", hint=_NEWER)
                for rows in _chunks(_checked(table, row) for _, row in group):
                    there, other = _there(connection, table, rows)
                    known, different = known + there, different + other
                    new[name] = new.get(name, 0) + add_new(connection, table, rows)
        return Taken(new=new, known=known, different=different)

    def unsound(self) -> list[str]:
        """Say what is wrong with the database; empty when nothing is."""
        with translated(self._url), self._engine.connect() as connection:
            return [*_damage(connection), *_drift(connection)]


_NEWER = "it comes from a newer conductor: install that one"


def _checked(table: Table, row: Mapping[str, object]) -> dict[str, object]:
    """Hold a foreign row to the table's columns and kinds."""
    if set(row) != set(table.c.keys()):
        odd = sorted(set(row) ^ set(table.c.keys()))
        raise LedgerError(f"a row of `{table.name}` has other columns: {', '.join(odd)}")
    for column in table.c:
        kinds: tuple[type, ...] = (str,)
        if isinstance(column.type, BigInteger):
            kinds = (int,)
        elif isinstance(column.type, Double):
            kinds = (float, int)
        if not isinstance(row[column.name], kinds) or isinstance(row[column.name], bool):
            raise LedgerError(
                f"a row of `{table.name}` has no {kinds[0].__name__} in `{column.name}`"
            )
    return storable(row)


def _chunks(rows: Iterable[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    chunk: list[dict[str, object]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _there(connection: Connection, table: Table, rows: list[dict[str, object]]) -> tuple[int, int]:
    """Count the rows that are there already, and those that are there with other content."""
    key = next(iter(table.primary_key))
    query = select(table).where(key.in_(bindparam("keys", expanding=True)))
    keys = {"keys": [row[key.name] for row in rows]}
    stored: dict[Any, dict[str, object]] = {
        row[key.name]: dict(row) for row in connection.execute(query, keys).mappings()
    }
    # Of a kept text, when it was kept last and by which rules it was cleared may differ.
    given = {row[key.name]: row for row in rows}
    other = sum(table is not content and given[one] != row for one, row in stored.items())
    return len(stored), other


def _damage(connection: Connection) -> Iterator[str]:
    """Ask SQLite about its own file; PostgreSQL looks after its pages itself."""
    if connection.dialect.name != "sqlite":
        return
    for (said,) in connection.execute(text("PRAGMA integrity_check")):
        if said != "ok":
            yield f"the file is damaged: {said}"
    for row in connection.execute(text("PRAGMA foreign_key_check")):
        yield f"a row of `{row[0]}` refers to a run that is not there"


def _drift(connection: Connection) -> Iterator[str]:
    """Compare the sums that the database keeps with the rows they are sums of."""
    counted = connection.execute(
        select(func.count(), *(func.coalesce(func.sum(run.c[name]), 0) for name in _SUMMED))
    ).one()
    kept = connection.execute(
        select(*(func.coalesce(func.sum(usage.c[name]), 0) for name in ("runs", *_SUMMED)))
    ).one()
    for name, of_rows, of_sums in zip(("runs", *_SUMMED), counted, kept, strict=True):
        if of_rows != of_sums:
            yield f"the sums say {int(of_sums):,} {name} and the rows {int(of_rows):,}"
