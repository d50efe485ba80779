"""Every rule finds its bad examples, there and nowhere else, and lets the good ones pass."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from conductor.core.tier import Tier
from conductor.lint.catalogue import RULES, rule
from conductor.lint.rule import FAMILIES, Verdict
from tests.lint.examples import judged, subject

BAD = [
    pytest.param(name, example, line, id=f"{name}-{number}")
    for name, one in RULES.items()
    for number, (example, line) in enumerate(one.bad)
]
GOOD = [
    pytest.param(name, example, id=f"{name}-{number}")
    for name, one in RULES.items()
    for number, example in enumerate(one.good)
]


@pytest.mark.parametrize(("name", "example", "line"), BAD)
def test_a_bad_example_is_found_on_its_line_and_by_its_rule_only(name, example, line):
    report = judged(example)
    assert {one.rule.name for one in report.of(Verdict.FAIL)} == {name}
    assert line in {one.finding.at.line for one in report.judgements}


@pytest.mark.parametrize(("name", "example"), GOOD)
def test_a_good_example_is_fit_for_a_library(name, example):
    report = judged(example)
    assert [(one.rule.name, one.finding.message) for one in report.of(Verdict.FAIL)] == []
    assert report.achieved is Tier.LIBRARY


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_complete(name):
    one = RULES[name]
    assert one.good
    assert one.bad
    assert one.summary.endswith(".")
    assert min(len(one.avoid), len(one.prefer)) > 12
    assert len(one.why) > 80
    assert re.fullmatch(r"[EDFKMPX]\d{3}", one.code.replace("E", "X"))
    assert one.code[0] in FAMILIES
    assert re.fullmatch(r"[-hwE]{3}", one.levels)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_never_gets_milder_towards_the_library(name):
    order = "-hwE"
    letters = [RULES[name].levels] + [one.levels for one in _judgements(name)]
    for levels in letters:
        ranks = [order.index(letter) for letter in levels]
        assert all(a <= b for a, b in pairwise(ranks)), levels


def _judgements(name):
    return [one for example, _ in RULES[name].bad for one in judged(example).judgements]


def test_codes_are_unique_and_are_found_like_names():
    assert len({one.code for one in RULES.values()}) == len(RULES)
    assert rule("p202") is rule("absolute-path") is rule("Absolute-Path")
    assert rule("nothing") is None


def test_the_core_of_the_catalogue_is_there():
    core = (
        "F001 F002 F003 F004 F005 F006 D101 D102 D103 D104 P201 P202 P203 P205 P206 P207 P208"
        " P209 P210 P213 M301 M302 M304 M306 M309 X401 X404 K501 K502 K503 K505 K506"
    )
    assert set(core.split()) <= {one.code for one in RULES.values()}


@pytest.mark.parametrize("name", RULES)
def test_no_rule_breaks_on_a_file_that_cannot_be_read_or_holds_nonsense(name):
    for text in (b"", b"[]", b"a: [", b"agents: 3", b"agents: [1, {name: [x]}]", b"name: {}"):
        for folder in ("ensembles", "profiles", "evidence"):
            one = subject(f"# file: {folder}/example.yaml\n{text.decode()}\n")
            list(RULES[name].check(one))
