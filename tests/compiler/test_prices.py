"""Prices are policy: each model once, a real day, and no baseline without one."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from conductor.compiler.price_checks import check_prices
from conductor.compiler.problems import read
from conductor.compiler.source_models import ModelsDoc
from conductor.compiler.text import Parsed, parse
from conductor.core.changes import changes
from tests.conftest import ROOT, command, line_of

FILE = "policy/models.toml"
TEXT = (ROOT / FILE).read_text()
OPUS = 'model = "claude-opus-5-5"'


def found(text: str) -> list[tuple[str, int, str]]:
    parsed = parse(FILE, text)
    assert isinstance(parsed, Parsed)
    doc = read(ModelsDoc, parsed)
    assert isinstance(doc, ModelsDoc)
    return [(one.name, one.at.line, one.message) for one in check_prices(parsed, doc)]


def test_the_packaged_prices_are_in_order():
    assert found(TEXT) == []


def test_a_model_has_one_price():
    text = TEXT.replace('model = "claude-sonnet-5-5"', OPUS)
    at = line_of(text.replace(OPUS, " " * len(OPUS), 1), OPUS)
    assert ("contradicting-number", at, "`claude-opus-5-5` has a price already") in found(text)


def test_a_date_is_a_day_of_the_calendar():
    ((name, line, message),) = found(TEXT.replace("2026-11-23", "2026-02-30", 1))
    assert (name, message) == ("wrong-date", "`2026-02-30` is no day of the calendar")
    assert line == line_of(TEXT, 'date = "2026-11-23"')


def test_a_baseline_without_a_price_is_remarked_on():
    ((name, line, message),) = found(TEXT.replace('"claude-haiku-5-5"]', '"claude-haiku"]'))
    assert (name, message) == ("no-price", "the baseline `claude-haiku` has no price")
    assert line == line_of(TEXT, "baselines = ")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("output = 20.0", "output = -1.0"),
        ("output = 20.0", "outputs = 20.0"),
        ('currency = "USD"', 'currency = "$"'),
        ('date = "2026-11-23"', 'date = "last week"'),
        ('source = "the price', 'origin = "the price'),
    ],
)
def test_a_price_knows_no_other_words(old: str, new: str):
    text = TEXT.replace(old, new, 1)
    parsed = parse(FILE, text)
    assert isinstance(parsed, Parsed)
    mistakes = read(ModelsDoc, parsed)
    assert isinstance(mistakes, list)
    assert any(one.at.line == line_of(text, new) for one in mistakes)


def test_a_change_of_price_is_told_by_its_model():
    prices = tomllib.loads(TEXT)["price"]
    dearer = [{**prices[0], "output": 25.0}, *prices[1:]]
    (change,) = changes("models.price", prices, dearer)
    assert (change.path, change.old, change.new) == (
        "models.price.claude-opus-5-5.output",
        20.0,
        25.0,
    )


def test_show_gives_each_price_a_line(workspace: Path):
    shown = command("show", folder=workspace).stdout
    assert "price.claude-opus-5-5            cache_write 5, input 4, output 20, USD" in shown
