from __future__ import annotations

import pytest

from conductor.core.names import device


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("con", True),
        ("CON", True),
        ("nul.yaml", True),
        ("lpt9", True),
        ("lpt0", False),
        ("cons", False),
    ],
)
def test_names_of_devices(name, kept):
    assert device(name) == kept
