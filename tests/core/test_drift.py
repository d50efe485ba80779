"""What differs between here and a tier, given what was promoted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.core.drift import Drift, drift, overall


@pytest.mark.parametrize(
    ("here", "there", "base", "expected"),
    [
        ("a", "a", "a", Drift.SAME),
        ("b", "b", "a", Drift.SAME),
        ("b", "a", "a", Drift.AHEAD),
        ("a", "b", "a", Drift.BEHIND),
        ("b", "c", "a", Drift.DIVERGED),
        ("a", "b", "", Drift.DIVERGED),
        ("a", "", "", Drift.LOCAL),
        ("", "a", "a", Drift.ORPHAN),
    ],
)
def test_a_file_is_compared_with_what_was_promoted(here, there, base, expected):
    assert drift(here, there, base) is expected


_DIGEST = st.sampled_from(["", "a", "b", "c"])


@given(_DIGEST, _DIGEST, _DIGEST)
def test_seen_from_the_other_side_ahead_is_behind(here, there, base):
    turned = {
        Drift.AHEAD: Drift.BEHIND,
        Drift.BEHIND: Drift.AHEAD,
        Drift.LOCAL: Drift.ORPHAN,
        Drift.ORPHAN: Drift.LOCAL,
    }
    one = drift(here, there, base)
    assert drift(there, here, base) is turned.get(one, one)


def test_changes_on_both_sides_are_a_divergence():
    assert overall([Drift.SAME, Drift.AHEAD, Drift.LOCAL]) is Drift.AHEAD
    assert overall([Drift.BEHIND, Drift.ORPHAN]) is Drift.BEHIND
    assert overall([Drift.AHEAD, Drift.BEHIND]) is Drift.DIVERGED
    assert overall([Drift.SAME]) is overall([]) is Drift.SAME
