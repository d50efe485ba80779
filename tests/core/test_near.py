"""Texts that are nearly the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conductor.core.near import clusters

LONG = " ".join(f"word{number}" for number in range(60))
TEXTS = st.lists(st.text("abc de", max_size=30), max_size=8)


@given(TEXTS)
def test_the_first_text_of_a_cluster_stands_for_it(texts: list[str]):
    found = clusters(texts)
    assert all(root <= index and found[root] == root for index, root in enumerate(found))
    assert clusters(texts) == found


@given(TEXTS)
def test_what_is_the_same_up_to_case_and_space_is_one(texts: list[str]):
    found = clusters([*texts, *(f" {text.upper()} " for text in texts)])
    assert found[len(texts) :] == found[: len(texts)]


def test_two_changed_words_are_near_and_another_text_is_not():
    near = LONG.replace("word20", "x").replace("word40", "y")
    other = LONG.replace("word", "other")
    assert clusters([LONG, near, other]) == [0, 0, 2]
