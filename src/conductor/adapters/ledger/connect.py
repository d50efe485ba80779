"""Opening the database so that what is acknowledged is durable, and two writers take turns."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, insert, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from conductor.adapters.ledger.tables import metadata, schema_version
from conductor.errors import LedgerError

WRITES = "writes"  # the execution option of an engine whose transactions write
_BUSY_MILLISECONDS = 10_000
_AGAIN_SECONDS = 0.02
_PRAGMAS = (
    f"busy_timeout = {_BUSY_MILLISECONDS}",  # first: the next one may have to wait
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",  # what is forgotten is overwritten
)

# Each brings the schema from its index to the next version; the first makes everything.
MIGRATIONS: tuple[Callable[[Connection], None], ...] = (metadata.create_all,)

_SENTENCES = (
    ("not a database", "the ledger's file is no database", "move it away, or name another one"),
    ("unable to open", "the ledger cannot be opened", "look at the folder's permissions"),
    ("readonly", "the ledger is read-only", "look at the permissions of file and folder"),
    ("locked", "the ledger is in use by another process", "try again when that has finished"),
    ("disk is full", "the disk is full", "make room; nothing was written"),
    ("append-only", "the ledger is append-only", "add a row that corrects the old one"),
)


def connect(url: str) -> Engine:
    """Open or create the database; raises LedgerError with what is in the way."""
    with translated(url):
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite" or not parsed.database:
            raise LedgerError(
                f"a ledger at `{parsed.render_as_string()}` is not supported",
                hint='write `url = "sqlite:///…"` under `[ledger]` in conductor.toml',
            )
        try:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            Path(parsed.database).touch(mode=0o600, exist_ok=True)  # it may hold private texts
        except OSError as error:
            raise LedgerError("the ledger's folder cannot be made", at=parsed.database) from error
        engine = create_engine(parsed, poolclass=NullPool)
        event.listen(engine, "connect", _configure)
        event.listen(engine, "begin", _begin)
        _write_ahead(engine)
        _migrate(engine)
    return engine


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Say in our words what the database said in its own."""
    try:
        yield
    except exc.ArgumentError as error:
        raise LedgerError(f"`{url}` is no database URL", hint="see conductor.toml") from error
    except (exc.DBAPIError, sqlite3.Error) as error:
        said = str(getattr(error, "orig", error))
        for part, sentence, hint in _SENTENCES:
            if part in said:
                raise LedgerError(sentence, at=url.partition(":///")[2], hint=hint) from error
        raise LedgerError(f"the ledger failed: {said}", at=url.partition(":///")[2]) from error


def _configure(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say, see `_begin`
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A deferred transaction that reads first may not write later when another one wrote.
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _write_ahead(engine: Engine) -> None:
    """Let readers and a writer work at the same time; the file remembers it."""
    deadline = time.monotonic() + _BUSY_MILLISECONDS / 1000
    connection = engine.raw_connection()
    try:
        # Unlike everything else, this switch does not wait for others by itself.
        while not _switched(connection.cursor()):
            if time.monotonic() > deadline:
                raise LedgerError("the ledger is in use by another process", hint="try again")
            time.sleep(_AGAIN_SECONDS)
    finally:
        connection.close()


def _switched(cursor: Any) -> bool:
    try:
        mode = cursor.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            return False
        raise
    return bool(mode == "wal")


def _migrate(engine: Engine) -> None:
    with engine.connect() as connection:
        if _version(connection) == len(MIGRATIONS):
            return
    with engine.execution_options(
        **{WRITES: True}
    ).begin() as connection:  # alone now: another process may have been quicker
        version = _version(connection)
        if version > len(MIGRATIONS):
            raise LedgerError(
                f"the ledger has version {version}, made by a newer conductor",
                hint="install the newer one",
            )
        for number, migration in enumerate(MIGRATIONS[version:], version + 1):
            migration(connection)
            connection.execute(insert(schema_version).values(version=number))


def _version(connection: Connection) -> int:
    if not inspect(connection).has_table("schema_version"):
        return 0
    versions = connection.execute(select(schema_version.c.version)).scalars()
    return max(versions, default=0)
