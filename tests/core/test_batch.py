from __future__ import annotations

import json

import pytest

from conductor.core.batch import Item, finished, read_items
from conductor.errors import SourceError


def read(*lines: str) -> list[Item]:
    return read_items([line.encode() for line in lines], "b.jsonl")


def test_a_line_is_an_object_or_a_text_and_blank_ones_are_passed_over():
    assert read('{"input": "a", "id": "x"}', "", '"b"', '{"input": "c", "id": 7, "more": 1}') == [
        Item(id="x", input="a"),
        Item(id="3", input="b"),
        Item(id="7", input="c"),
    ]


@pytest.mark.parametrize(
    ("lines", "message", "at"),
    [
        (["{"], "the line is no JSON", "b.jsonl:1"),
        (["1"], "no text under `input`", "b.jsonl:1"),
        (['{"input": 1}'], "no text under `input`", "b.jsonl:1"),
        (['"a"', '{"input": " "}'], "the input is empty", "b.jsonl:2"),
        (['{"input": "a", "id": []}'], "no text under `input`", "b.jsonl:1"),
        (['{"input": "a", "id": "2"}', '"b"'], "the id `2` was there before", "b.jsonl:2"),
    ],
)
def test_what_is_no_item_is_told_with_its_line(lines, message, at):
    with pytest.raises(SourceError, match=message) as caught:
        read(*lines)
    assert caught.value.at == at


def test_what_failed_or_was_torn_is_not_finished():
    statuses = ["succeeded", "rejected", "failed", "interrupted"]
    lines = [json.dumps({"id": one, "status": one, "input_digest": "d"}) for one in statuses]
    done = finished(line.encode() for line in [*lines, "[]", '{"id": "torn", "sta'])
    assert set(done) == {("succeeded", "d"), ("rejected", "d")}
