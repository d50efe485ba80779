from __future__ import annotations

import pytest

from conductor.core.proposed import choices


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
