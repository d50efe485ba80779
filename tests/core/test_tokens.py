"""Estimates of tokens."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from conductor.core import tokens


@example("\n")
@example("a\n\nb\n\n\n")
@example("x1 1234567 \x1c\x1f ...")
@given(st.text(st.sampled_from("abcdefghZ019 .,\n\t\r\x0b\x1c\x1f_-"), max_size=60))
def test_a_plain_text_is_counted_as_any_other(text):
    other = f"{text} é"  # one sign more, and no longer plain
    assert tokens.estimate(other) == tokens.estimate(text) + 1


def test_a_text_of_any_size_is_counted_from_its_beginning():
    page = "The export moves to PostgreSQL in March. "
    assert tokens.estimate(page * 100_000) > 9 * tokens.estimate(page * 10_000)
