"""SQLite: what is acknowledged is durable, and two writers take turns."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

from conductor.errors import LedgerError

WRITES = "writes"  # the execution option of an engine whose transactions write
_BUSY_MILLISECONDS = 10_000
_AGAIN_SECONDS = 0.02
_PRAGMAS = (
    f"busy_timeout = {_BUSY_MILLISECONDS}",  # first: the next one may have to wait
    "synchronous = FULL",
    "foreign_keys = ON",
    "cache_size = -65536",  # KiB at most: a report goes through indexes of a million runs
    "secure_delete = ON",  # what is forgotten is overwritten
)


def open_sqlite(url: URL) -> Engine:
    """Open or create the file; raises LedgerError."""
    if not url.database:
        raise LedgerError(
            f"a ledger at `{url.render_as_string()}` is not supported: it would not last",
            hint='write `url = "sqlite:///…"` under `[ledger]` in conductor.toml',
        )
    try:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        Path(url.database).touch(mode=0o600, exist_ok=True)  # it may hold private texts
    except OSError as error:
        raise LedgerError("the ledger's folder cannot be made", at=url.database) from error
    engine = create_engine(url)
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    _write_ahead(engine)
    return engine


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
