from __future__ import annotations

import pytest

from conductor.core.proposed import choices, first_sentence


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Classify this review as positive or negative: it broke.", ["positive", "negative"]),
        (
            "Sort issues into bug, feature, question, and other.",
            ["bug", "feature", "question", "other"],
        ),
        ("Say whether a mail is either Spam or ham", ["spam", "ham"]),
        ("Give one of these labels: fix-now, plan or keep", ["fix-now", "plan", "keep"]),
        ("Summarize this text as briefly as you can", []),
        ("Treat it as urgent", []),
        ("Sort into " + ", ".join(f"k{number}" for number in range(13)), []),
    ],
)
def test_labels_are_found_where_a_task_lists_them(text, labels):
    assert list(choices(text)) == labels


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Summarize it", "Summarize it"),
        (" Summarize it.  Keep  names.", "Summarize it."),
        (
            "Extract dates, e.g. of letters, as JSON. No guesses.",
            "Extract dates, e.g. of letters, as JSON.",
        ),
        ("One line\nand another", "One line"),
        ("long " * 100, "long " * 31 + "long…"),
        ("", ""),
    ],
)
def test_a_description_is_one_sentence_that_fits_into_a_list(text, sentence):
    assert first_sentence(text) == sentence
