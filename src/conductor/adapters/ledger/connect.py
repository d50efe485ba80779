"""Opening the database, bringing its schema up to date, and saying what is in the way."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, exc, insert, inspect, select, text
from sqlalchemy.engine import make_url

from conductor.adapters.ledger.migrations import STEPS, statements
from conductor.adapters.ledger.postgresql import open_postgresql
from conductor.adapters.ledger.sqlite import WRITES, open_sqlite
from conductor.adapters.ledger.tables import schema_version
from conductor.errors import LedgerError

__all__ = ["WRITES", "alone", "connect", "translated"]

_OPENERS = {"sqlite": open_sqlite, "postgresql": open_postgresql}
_LOCK = 0x6C65_6467_6572  # PostgreSQL's advisory lock of this application: "ledger"

_SENTENCES = (
    ("not a database", "the ledger's file is no database", "move it away, or name another one"),
    ("unable to open", "the ledger cannot be opened", "look at the folder's permissions"),
    ("readonly", "the ledger is read-only", "look at the permissions of file and folder"),
    ("locked", "the ledger is in use by another process", "try again when that has finished"),
    ("disk is full", "the disk is full", "make room; nothing was written"),
    ("append-only", "the ledger is append-only", "add a row that corrects the old one"),
    ("connection failed", "the ledger's server cannot be reached", "is it running, and allowed?"),
)


def connect(url: str) -> Engine:
    """Open or create the database; raises LedgerError with what is in the way."""
    with translated(url):
        parsed = make_url(url)
        opener = _OPENERS.get(parsed.get_backend_name())
        if opener is None:
            raise LedgerError(
                f"a ledger at `{parsed.render_as_string()}` is not supported",
                hint='write `url = "sqlite:///…"` or `"postgresql://…"` under `[ledger]`',
            )
        engine = opener(parsed)
        try:
            _migrate(engine)
        except BaseException:
            engine.dispose()
            raise
    return engine


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Say in our words what the database said in its own."""
    try:
        yield
    except exc.ArgumentError as error:
        raise LedgerError(f"`{url}` is no database URL", hint="see conductor.toml") from error
    except (exc.DBAPIError, sqlite3.Error) as error:
        said = " ".join(str(getattr(error, "orig", error)).split())
        at = url.partition(":///")[2]
        for part, sentence, hint in _SENTENCES:
            if part in said:
                raise LedgerError(sentence, at=at, hint=hint) from error
        raise LedgerError(f"the ledger failed: {said}", at=at) from error


def alone(connection: Connection) -> None:
    """Wait until no other process migrates or imports; holds until the transaction ends."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def _migrate(engine: Engine) -> None:
    with engine.connect() as connection:
        if _version(connection) == len(STEPS):
            return
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        alone(connection)
        version = _version(connection)  # again: another process may have been quicker
        if version > len(STEPS):
            raise LedgerError(
                f"the ledger has version {version}, made by a newer conductor",
                hint="install the newer one",
            )
        for step in range(version, len(STEPS)):
            for statement in statements(step, connection.dialect.name):
                connection.exec_driver_sql(statement)
            connection.execute(insert(schema_version).values(version=step + 1))


def _version(connection: Connection) -> int:
    if not inspect(connection).has_table("schema_version"):
        return 0
    versions = connection.execute(select(schema_version.c.version)).scalars()
    return max(versions, default=0)
