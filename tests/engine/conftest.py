"""One real engine and one real model server for all tests that need them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conductor.adapters.embedded import EmbeddedModel, fetch_model, find_model, serve
from conductor.adapters.llm_orc import Engine, open_engine
from conductor.core.ports import ModelServer


@pytest.fixture(scope="session")
def model() -> EmbeddedModel:
    return find_model() or fetch_model(print)


@pytest.fixture(scope="session")
def server(model: EmbeddedModel) -> Iterator[ModelServer]:
    with serve(model) as served:
        yield served


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder: Path = tmp_path_factory.mktemp("engine")
    with open_engine(str(folder)) as opened:
        yield opened
