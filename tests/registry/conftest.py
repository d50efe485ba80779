"""A workspace whose ensemble is in tier global, and a library that it knows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

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
