"""How well the default policy reads prompts that people might type (new_words.yaml)."""

from __future__ import annotations

import pytest
import yaml

from conductor.core.decide import decide
from conductor.core.policy import TASK, Decision
from conductor.core.scoring import LOCALLY, covers
from tests.conftest import ROOT
from tests.test_default_policy import POLICY
from tests.test_own_words import REPORT

PASTED = {
    "{report}": REPORT,
    "{mail}": (
        "Hi there,\n\non 4 March I ordered a lamp (order 88-1204, 79.90 EUR). It was meant to"
        " arrive on 9 March, tracking number LX553, but the parcel has been in Leipzig since. Could"
        " you find out where it is, or send me another one before the 20th? I paid by card.\n\n"
        "Regards\nTheo Brandt"
    ),
    "{log}": (
        "2024-05-02 10:00:01 INFO web1 request=a81 status=200\n"
        "2024-05-02 10:00:03 ERROR web1 request=a82 upstream timeout\n"
        "2024-05-02 10:00:04 WARN web2 request=a83 slow\n"
        "2024-05-02 10:00:09 ERROR db1 request=a84 connection refused\n"
    ),
    "{notes}": (
        "Present: Ana, Tom, Li\n\nWe talked about the move to the new database. Tom will write the"
        " migration until Friday, Li checks the backups by Wednesday. Ana is worried about the size"
        " of the audit table and asks support for numbers. We agreed to keep the old database"
        " read-only for two weeks. The demo moves to 14 June. Nobody wants to touch the billing job"
        " before the holidays, so that stays as it is for now."
    ),
}
Row = dict[str, object]


def decided(row: Row) -> Decision:
    text = str(row["text"])
    for name, pasted in PASTED.items():
        text = text.replace(name, pasted)
    return decide(POLICY, text=text)


@pytest.fixture(scope="module")
def answers() -> list[tuple[Row, Decision]]:
    rows = yaml.load((ROOT / "tests/new_words.yaml").read_bytes(), yaml.CSafeLoader)
    return [(row, decided(row)) for row in rows]


def texts(rows: list[Row]) -> str:
    return "\n".join(str(row["text"]) for row in rows)


def test_hardly_anything_goes_to_small_models_that_should_not(answers):
    there = [row for row, decision in answers if decision.outcome in LOCALLY]
    wrong = [row for row in there if row.get("local") is False]
    assert len(wrong) * 50 <= len(there), texts(wrong)


def test_most_of_what_small_models_do_well_goes_there(answers):
    meant = [(row, decision) for row, decision in answers if row.get("local") is True]
    missed = [row for row, decision in meant if decision.outcome not in LOCALLY]
    assert len(missed) * 100 <= 15 * len(meant), texts(missed)


def test_the_task_type_is_right_for_nine_prompts_in_ten(answers):
    wrong = [
        row
        for row, decision in answers
        if not any(covers(one, str(decision.facts[TASK].value)) for one in row["types"])
    ]
    assert len(wrong) * 10 <= len(answers), texts(wrong)


ORDERS = {
    "Summarize this article in two sentences:\n\n{}": "summarization",
    "{}\n\nGive me a short summary of the text above.": "summarization",
    "tl;dr?\n\n{}": "summarization",
    "Extract all names of people and companies from the text below as JSON.\n\n{}": "extraction",
    "Is the following text positive, negative or neutral in tone?\n\n{}": "classification",
    "Classify the text below as license, readme or other:\n{}": "classification",
}


def test_a_page_that_was_pasted_does_not_say_what_is_wanted():
    pages = [path.read_text()[:size] for path in ROOT.glob("docs/*.md") for size in (1_500, 5_000)]
    answers = [
        (order, str(decide(POLICY, text=order.format(page)).facts[TASK].value))
        for order in ORDERS
        for page in pages
    ]
    wrong = [(order, kind) for order, kind in answers if not covers(ORDERS[order], kind)]
    assert len(wrong) * 10 <= len(answers) * 2, wrong
