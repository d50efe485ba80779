"""The shapes and amounts of texts."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.compiler.doc import AmountName, ShapeName
from conductor.core.text import AMOUNTS, SHAPES, Text
from conductor.core.words import normalise

SHAPED = {
    "alternatives": "Answer with one word: red, green or blue.",
    "code": "def total(values):\n    result = sum(values)\n    return result\n",
    "csv": "name,age,town\nAda,36,London\nAlan,41,Wilmslow\n",
    "diff": "diff --git a/x b/x\n",
    "enumeration": "Which of them swim: trout, heron, eel",
    "fence": "See:\n```\nx\n```",
    "foreign_script": "Обобщи текст",
    "formula": "Find x with 3 * 4 = x",
    "identifier": "The call load_table() fails",
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
        ("inline_numbers", "It must be 1. short; 2. true and 3. new, not version 4. Or 5.1", 3),
        ("items", "sun, moon and stars\nfire, water, earth and air", 3),
        ("lines", "a\nb", 2),
        ("long_items", "- a b\n- " + "word " * 12, 1),
        ("longest_paragraph", "a b\n\nc d e", 3),
        ("numbers", "2 of 1,000 and twelve", 3),
        ("paragraphs", "a\n\nb", 2),
        ("pasted", "Who wrote this?\n" + "word " * 15, 15),
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


WORDS = "the ferry left the harbour at six with forty passengers and a crew of eleven on board"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"Who was on board?\n{WORDS}", "who was on board"),
        (f"List the numbers:\n{WORDS}", "list the numbers"),
        (f"Shorten it\n\n{WORDS}\n\n{WORDS}\n\nto ten words", "shorten it to ten words"),
        (f"{WORDS * 4}\n\nWho was on board?", "who was on board"),
        (f"Shorten this: {WORDS}", "shorten this"),
        (f"Name one of them: {WORDS}", f"name one of them {WORDS}"),
        (f"Who was on board? {WORDS}", f"who was on board {WORDS}"),
        ("Which of these swim?\ntrout, heron", "which of these swim trout heron"),
    ],
)
def test_what_is_said_stands_apart_from_what_was_pasted(text, said):
    assert Text(text).instruction() == f" {said} "


def test_the_text_of_a_file_is_material_whatever_the_task_looks_like():
    text = Text("Who wrote this?\nI have to know today, and so does everybody else here", WORDS)
    assert WORDS not in text.instruction()
    assert text.amount("pasted") == len(WORDS.split())


@given(st.text())
def test_ascii_or_not_words_are_the_same(text):
    assert normalise(f"{text} é") == f"{normalise(text).rstrip()} é "
