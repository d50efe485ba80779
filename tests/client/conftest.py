"""A workspace of its own for each conversation, with an ensemble that could be promoted."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from conductor.adapters.embedded import fetch_model, find_model
from tests.client.claude import CLIENT, OLDER, OLDER_VERSION, VERSION, claude
from tests.promoting import make_ready

READY = "summarize-document"


@pytest.fixture(scope="session")
def _client(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ.setdefault("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    for client, version in ((CLIENT, VERSION), (OLDER, OLDER_VERSION)):
        assert client.exists(), "install it with `make client`"
        folder = tmp_path_factory.mktemp("version")
        shown = claude("--version", folder=folder, client=client).stdout
        assert shown.startswith(version), f"another version would prove nothing: {shown}"


@pytest.fixture(scope="session")
def _ready(_compiled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bring an ensemble on the embedded model through every gate, the real engine's included."""
    find_model() or fetch_model(print)
    folder = tmp_path_factory.mktemp("client") / "workspace"
    shutil.copytree(_compiled, folder)
    make_ready(folder, good=4, name=READY, embedded=True)  # the next use is due
    return folder


@pytest.fixture
def ready(_client: None, _ready: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    shutil.copytree(_ready, folder)
    (folder / "note.md").write_text(
        "We move the billing service to PostgreSQL in March. Ada leads. Bob rewrites the export.\n"
    )
    return folder
