"""The ledger's databases: every test that takes `url` or `ledger` runs on both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conductor.adapters.ledger import SqlLedger, open_ledger
from tests.adapters.postgres import Server, serve


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with serve() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, file: str) -> str:
    if request.param == "sqlite":
        return file
    server: Server = request.getfixturevalue("postgres")
    return server.database()


@pytest.fixture
def ledger(url: str) -> Iterator[SqlLedger]:
    opened = open_ledger(url)
    yield opened
    opened.close()


@pytest.fixture
def file(tmp_path: Path) -> str:
    """For what is true of SQLite only."""
    return f"sqlite:///{tmp_path}/state/ledger.db"
