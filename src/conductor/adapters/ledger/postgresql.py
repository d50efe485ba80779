"""PostgreSQL: one ledger for a team. The password comes from ~/.pgpass or PGPASSWORD, as usual."""

from __future__ import annotations

from importlib.util import find_spec

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL

from conductor.errors import LedgerError

_CONNECT_SECONDS = 10
# Whatever the server's default is: an acknowledged row is on its disk.
_OPTIONS = "-c synchronous_commit=on -c timezone=UTC"
_SPARE_CONNECTIONS = 2


def open_postgresql(url: URL) -> Engine:
    """Prepare connections to a server; raises LedgerError when the driver is missing."""
    if url.password is not None:
        raise LedgerError(
            "the ledger's address holds a password",
            hint="take it out: the driver reads ~/.pgpass and the variable PGPASSWORD",
        )
    if find_spec("psycopg") is None:
        raise LedgerError(
            "the driver for PostgreSQL is not installed", hint="pip install 'llm-conductor[team]'"
        )
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=_SPARE_CONNECTIONS,
        pool_pre_ping=True,
        connect_args={"connect_timeout": _CONNECT_SECONDS, "options": _OPTIONS},
    )
