"""What the tests of the verbs have in common."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conductor.app.project import Project


@pytest.fixture
def project(workspace: Path) -> Iterator[Project]:
    with Project(str(workspace)) as opened:
        yield opened
