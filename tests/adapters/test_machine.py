from __future__ import annotations

from pathlib import Path

import pytest

from conductor.adapters.machine import memory_gigabytes


@pytest.mark.parametrize(("said", "limited"), [("500000000", True), ("max\n", False)])
def test_a_container_has_what_it_is_given(tmp_path: Path, said: str, limited: bool):
    (tmp_path / "memory.max").write_text(said)
    found = memory_gigabytes(str(tmp_path / "memory.max"))
    assert (found == 0.5) == limited
    assert found <= memory_gigabytes(str(tmp_path / "nowhere"))
