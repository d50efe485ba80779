"""A workspace whose ensemble is in tier global, and a library that it knows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.registry.forge import TOKEN, Forge, serving
from tests.registry.library import bare_library, in_tier_global, knows


@pytest.fixture(scope="session")
def _promoted(_compiled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace, and the home that its ensemble was promoted to."""
    folder = tmp_path_factory.mktemp("promoted")
    shutil.copytree(_compiled, folder / "workspace")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(folder / "home"))
        in_tier_global(folder / "workspace")
    return folder


@pytest.fixture
def workspace(_promoted: Path, tmp_path: Path) -> Path:
    shutil.copytree(_promoted / "workspace", tmp_path / "workspace")
    shutil.copytree(_promoted / "home", Path.home(), dirs_exist_ok=True)
    return tmp_path / "workspace"


@pytest.fixture
def library(workspace: Path, tmp_path: Path) -> Path:
    """A bare repository that the workspace contributes to by its path."""
    bare = bare_library(tmp_path)
    knows(workspace, str(bare))
    return bare


@pytest.fixture
def forge(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Forge]:
    """A forge of the library, trusted and with a token, that the workspace contributes to."""
    forge = Forge(bare_library(tmp_path))
    with serving(forge, tmp_path) as certificate:
        for name in ("SSL_CERT_FILE", "GIT_SSL_CAINFO"):
            monkeypatch.setenv(name, str(certificate))
        monkeypatch.setenv("GH_HOST", forge.host)
        monkeypatch.setenv("GH_ENTERPRISE_TOKEN", TOKEN)
        monkeypatch.setenv("GH_CONFIG_DIR", str(tmp_path / "gh"))
        knows(workspace, forge.remote, forge="github")
        yield forge


_PLAIN = ("cat", "env", "rm", "sh", "sleep", "wc")


@pytest.fixture
def without_gh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that has git and no gh."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("git", "ssh-keygen", *_PLAIN):
        found = shutil.which(name)
        assert found
        (folder / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(folder))
