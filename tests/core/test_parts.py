"""Tasks of several parts, taken apart; and what a plan makes of a part."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.core.condition import Group
from conductor.core.facts import DERIVED, Fact
from conductor.core.parts import Part, Words, split
from conductor.core.planning import Planned, Planning, place
from conductor.core.policy import Decision

WORDS = Words(
    verbs=frozenset({"extract", "explain", "summarize", "write", "list", "translate", "sort"}),
    joints=("and then", "then"),
    each=("each of", "for each"),
)
PLANNING = Planning(
    words=WORDS,
    scripts=("alphabetically",),
    prepare=frozenset({"multi_document"}),
    prepare_tokens=4_000,
    brief_tokens=1_000,
    brief="brief",
    floors=(),
)


def orders(text: str) -> list[str]:
    return [part.order for part in split(text, WORDS)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Extract x and then explain them", ["Extract x", "explain them"]),
        ("Extract x, then explain them.", ["Extract x", "explain them."]),
        ("Extract x and explain which matter", ["Extract x", "explain which matter"]),
        ("Please summarize it. Also translate it.", ["Please summarize it.", "Also translate it."]),
        ("1. Extract dates\n2) List names", ["Extract dates", "List names"]),
        ("- Summarize it\n- Keep it short", ["- Summarize it\n- Keep it short"]),
        ("Extract x. Use ISO form. Explain y.", ["Extract x. Use ISO form.", "Explain y."]),
        ("For a lawyer. Extract x. Explain y.", ["For a lawyer. Extract x.", "Explain y."]),
    ],
)  # fmt: skip
def test_orders_are_parts_and_what_belongs_to_them_stays_with_them(text, found):
    assert orders(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Extract the dates and write them one per line",  # only the form of the same answer
        "Who wrote it, and then what?",
        "Summarize this:\n\n```\nlist all\nsort all\n```",  # code is no order
        "Explain why they extract, list and sort",
    ],
)
def test_what_is_one_task_stays_whole(text):
    assert orders(text) == [text]


def test_material_goes_with_every_part():
    text = "Extract the dates. Explain the gaps.\n\nOn 3 May they met.\n\nOn 9 May again."
    first, second = split(text, WORDS)
    assert first.text == "Extract the dates.\n\nOn 3 May they met.\n\nOn 9 May again."
    assert second.text.endswith("On 9 May again.")


def test_a_part_that_leans_on_the_one_before_waits_for_it():
    parts = split("Extract the dates. Summarize the letter. Then translate it.", WORDS)
    assert [part.after for part in parts] == [(), (), (1,)]


def test_items_are_counted_only_where_each_is_meant_by_itself():
    (each,) = split("Extract the dates from each of these 20 letters", WORDS)
    (all_,) = split("Extract what these 20 letters say", WORDS)
    assert (each.each, each.items) == (True, 20)
    assert (all_.each, all_.items) == (False, 1)


@given(st.text(alphabet="Extract the.\n-1 then`and write", max_size=80))
def test_any_text_has_parts_and_an_order_is_never_empty(text):
    parts = split(text, WORDS)
    assert parts
    assert all(part.order.strip() for part in parts) or not text.strip("` \n")
    assert all(max(part.after, default=-1) < at for at, part in enumerate(parts))


def placed(outcome: str, task: str = "extraction", *, tokens: int = 0, **part: object) -> Planned:
    facts = {"task": Fact(task, DERIVED), "document_tokens": Fact(tokens, DERIVED)}
    decision = Decision(outcome, reason="r", facts=facts, revision="", template="extract")
    decision.proposed = True if outcome == "compose" else None
    one = Part(order=str(part.pop("order", "Extract x")), text="", **part)  # type: ignore[arg-type]
    return place(PLANNING, one, decision)


def test_what_comes_too_seldom_for_an_ensemble_goes_to_claude():
    assert placed("compose").decision.outcome == "compose"
    decision = Decision("compose", reason="r", facts={}, revision="", template="t")
    decision.proposed = False
    planned = place(PLANNING, Part(order="x", text=""), decision)
    assert (planned.decision.outcome, planned.decision.template) == ("claude", "")
    assert (planned.expected, planned.decision.proposed) == (1, None)


def test_claude_gets_a_brief_of_many_documents_when_that_spares_reading():
    brief = placed("claude", "multi_document", tokens=9_000)
    assert (brief.decision.outcome, brief.decision.template) == ("prepare", "brief")
    assert brief.saved_tokens == 8_000
    assert placed("claude", "multi_document", tokens=3_999).decision.outcome == "claude"
    assert placed("claude", "security_review", tokens=9_000).decision.outcome == "claude"


def test_no_brief_where_a_floor_does_not_allow_one():
    floored = replace(PLANNING, floors=((Group("all", ()), ("claude",)),))
    facts = {"task": Fact("multi_document", DERIVED), "document_tokens": Fact(9_000, DERIVED)}
    decision = Decision("claude", reason="r", facts=facts, revision="")
    planned = place(floored, Part(order="x", text=""), decision)
    assert (planned.decision.outcome, planned.saved_tokens) == ("claude", 0)


@pytest.mark.parametrize(
    ("planned", "category"),
    [
        (placed("local"), "agent"),
        (placed("local", each=True, items=4), "ensemble"),
        (placed("claude", "multi_document", tokens=9_000), "ensemble"),
        (placed("claude", order="Sort them alphabetically"), "script"),
        (placed("claude"), "claude"),
    ],
)
def test_a_part_is_for_an_agent_an_ensemble_a_script_or_claude(planned, category):
    assert planned.category == category
