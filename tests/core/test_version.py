"""The version that is proposed for a change."""

from __future__ import annotations

import pytest

from conductor.core.version import following


@pytest.mark.parametrize(
    ("version", "next_one"),
    [
        ("1.0.0", "1.0.1"),
        ("0.2.9", "0.2.10"),
        ("2024", "1.0.0"),
        ("", "1.0.0"),
        ("1.0.0-a", "1.0.0"),
    ],
)
def test_the_smallest_step_is_proposed(version: str, next_one: str):
    assert following(version) == next_one
