from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conductor.core.scoring import Labelled, Share, score

TASKS = ("extraction", "summarization", "reasoning")


def row(task: str, predicted: str, **changes: object) -> Labelled:
    plain = {"id": "r", "also": (), "local": None, "outcome": "claude"}
    return Labelled(task=task, predicted=predicted, **{**plain, **changes})  # type: ignore[arg-type]


def test_a_child_of_the_label_is_right_and_a_sibling_is_not():
    found = score([row("summarization", "summarization.document_review"), row("a", "ab")])
    assert (found.strict.hits, found.strict.of) == (1, 2)
    assert found.confusion == {"a": {"ab": 1}, "summarization": {"summarization": 1}}


def test_a_type_that_is_accepted_too_counts_for_the_lenient_figure_only():
    found = score([row("reasoning", "extraction", also=("extraction",))])
    assert (found.strict.hits, found.lenient.hits) == (0, 1)


def test_local_and_compose_are_local_and_rows_without_a_labelled_route_do_not_count():
    found = score(
        [
            row("a", "a", local=True, outcome="local"),
            row("a", "a", local=True, outcome="compose"),
            row("a", "a", local=True, outcome="ask"),
            row("a", "a", id="wrong", local=False, outcome="local"),
            row("a", "a", local=None, outcome="local"),
        ]
    )
    assert (found.local_precision.hits, found.local_precision.of) == (2, 3)
    assert (found.local_recall.hits, found.local_recall.of) == (2, 3)
    assert found.unsafe == ("wrong",)


def test_macro_f1_weighs_types_alike_however_many_rows_they_have():
    rows = [row("a", "a")] * 8 + [row("b", "a"), row("b", "b")]
    found = score(rows)
    # a: precision 8/9, recall 1; b: precision 1, recall 1/2
    assert found.macro_f1 == round((94.1 + 66.7) / 2, 1)


def test_nothing_to_measure_is_not_zero_percent_for_sure():
    assert Share(hits=0, of=0).interval == (0.0, 100.0)


@given(st.lists(st.builds(row, st.sampled_from(TASKS), st.sampled_from(TASKS))))
def test_the_confusion_matrix_holds_every_row_and_its_diagonal_the_right_ones(rows):
    found = score(rows)
    assert sum(sum(one.values()) for one in found.confusion.values()) == len(rows)
    assert sum(one.get(task, 0) for task, one in found.confusion.items()) == found.strict.hits
    assert found.strict.hits <= found.lenient.hits
