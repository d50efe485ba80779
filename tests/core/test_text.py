"""The shapes and amounts of texts."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.compiler.doc import AmountName, ShapeName
from conductor.core.text import AMOUNTS, SHAPES, Text

SHAPED = {
    "code": "def total(values):\n    result = sum(values)\n    return result\n",
    "csv": "name,age,town\nAda,36,London\nAlan,41,Wilmslow\n",
    "diff": "diff --git a/x b/x\n",
    "enumeration": "Which of them swim: trout, heron, eel",
    "fence": "See:\n```\nx\n```",
    "foreign_script": "Обобщи текст",
    "formula": "Find x with 3 * 4 = x",
    "json": 'Read {"name": "Ada"}',
    "list": "- one\n- two\n- three\n",
    "log": "2026-01-02 ERROR a\n2026-01-02 INFO b\n2026-01-03 INFO c\n",
    "options": "A. red\nB. green\nC. blue\n",
    "question": "Is it?",
    "trace": "Traceback (most recent call last):\n",
}
PROSE = "Summarize the notes of the meeting in one sentence."


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_is_seen_where_it_is_and_not_in_prose(shape):
    assert Text(f"Look:\n{SHAPED[shape]}").has(shape)
    assert not Text(PROSE).has(shape)


def test_documents_can_name_every_shape_and_amount_and_no_other():
    assert set(get_args(ShapeName)) == set(SHAPES)
    assert set(get_args(AmountName)) == set(AMOUNTS)


@pytest.mark.parametrize(
    ("amount", "text", "count"),
    [
        ("inline_numbers", "It must be (1) short; (2) true; f(3) is none", 2),
        ("items", "sun, moon and stars\nfire, water, earth and air", 3),
        ("lines", "a\nb", 2),
        ("long_items", "- a b\n- " + "word " * 12, 1),
        ("longest_paragraph", "a b\n\nc d e", 3),
        ("numbers", "2 of 1,000 and twelve", 3),
        ("paragraphs", "a\n\nb", 2),
        ("questions", "a? b?", 2),
        ("sentences", "One. Two! 3.5 of three?", 3),
        ("words", "It's a test", 4),
    ],
)
def test_each_amount_is_counted(amount, text, count):
    assert Text(text).amount(amount) == count


def test_only_the_beginning_and_the_end_of_a_long_text_are_looked_at():
    text = Text("first " + "x" * 100_000 + " last")
    assert {"first", "last"} <= text.vocabulary
    assert len(text.raw) < 10_000


@given(st.text())
def test_every_text_has_every_amount_and_shape(text):
    seen = Text(text)
    assert all(seen.amount(name) >= 0 for name in AMOUNTS)
    assert all(seen.has(name) in (True, False) for name in SHAPES)
