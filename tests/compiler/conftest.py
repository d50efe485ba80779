from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

import pytest

from conductor.adapters import files
from conductor.app.build import sources
from conductor.compiler.assemble import Compiled, assemble
from tests.conftest import SMALL

SOURCES = {
    path: text
    for path, text in sources(files.packaged()).items()
    if not path.startswith(("registry/specs/", "registry/ensembles/"))
    or PurePosixPath(path).stem in SMALL
}
SCHEMA = files.read_text(f"{files.packaged()}/schemas/ensemble.json")


@pytest.fixture
def compile_with() -> Callable[..., Compiled]:
    """Compile the default workspace after replacing texts: `compile_with((file, old, new))`."""

    def call(*edits: tuple[str, str, str], **new: str) -> Compiled:
        changed = {**SOURCES, **new}
        for file, old, text in edits:
            assert old in changed[file], f"{old!r} is not in {file}"
            changed[file] = changed[file].replace(old, text, 1)
        return assemble(changed, SCHEMA)

    return call
