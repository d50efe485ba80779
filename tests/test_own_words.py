"""What the default policy makes of people's own words (own_words.yaml)."""

from __future__ import annotations

import pytest
import yaml

from conductor.core.decide import decide
from conductor.core.policy import TASK, Decision
from conductor.core.scoring import LOCALLY, covers
from tests.conftest import ROOT
from tests.test_default_policy import POLICY

REPORT = (
    "The ferry left Ostend at six with forty passengers aboard. Captain Maes noticed smoke near"
    " the stern shortly after eight and turned back. Two tugs met the ship off Nieuwpoort. Nobody"
    " was hurt, though three cars were damaged and the harbour stayed closed until Thursday"
    " morning. Insurers put the loss at two million euros, and the owner, a family firm from"
    " Bruges, said that the vessel would be sold before winter. An inquiry led by the port"
    " authority is expected to report in March, and the crew of eleven have been told not to speak"
    " to newspapers until then."
)
ROWS = yaml.safe_load((ROOT / "tests/own_words.yaml").read_text())


def decided(row: dict[str, object]) -> Decision:
    return decide(POLICY, text=str(row["text"]).replace("{report}", REPORT))


def texts(*, local: bool) -> list[object]:
    return [pytest.param(row, id=row["text"][:40]) for row in ROWS if row.get("local") is local]


@pytest.mark.parametrize("row", texts(local=True))
def test_what_small_models_do_well_stays_here(row):
    assert decided(row).outcome in LOCALLY


@pytest.mark.parametrize("row", texts(local=False))
def test_what_only_looks_like_it_goes_to_claude(row):
    assert decided(row).outcome not in LOCALLY


def test_the_task_type_is_right_for_nine_texts_in_ten():
    predicted = [(row, str(decided(row).facts[TASK].value)) for row in ROWS]
    wrong = [
        row["text"] for row, task in predicted if not any(covers(one, task) for one in row["types"])
    ]
    assert len(wrong) <= len(ROWS) // 10, wrong
