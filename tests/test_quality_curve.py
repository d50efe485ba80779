"""The curve that benchmarks/quality.py draws, on numbers that can be added up by hand."""

from __future__ import annotations

from runpy import run_path

import pytest

from tests.conftest import ROOT

QUALITY = run_path(str(ROOT / "benchmarks/quality.py"))  # a script, not a module of a package
curve, apgr, cpt = QUALITY["curve"], QUALITY["apgr"], QUALITY["cpt"]
ORDERS, Row = QUALITY["ORDERS"], QUALITY["Row"]
ROWS = [
    Row("aaaa", 0, 1, -50, local=False),
    Row("bbb", 0, 1, -20, local=False),
    Row("cc", 1, 1, 10, local=True),
    Row("d", 1, 1, 80, local=True),
]


def test_a_perfect_order_recovers_the_gap_with_the_tasks_that_need_it():
    points = curve(ROWS, ORDERS["graded score"])
    assert points == [(0, 0), (0.25, 0.5), (0.5, 1), (0.75, 1), (1, 1)]
    assert apgr(points) == pytest.approx(0.75)
    assert [cpt(points, share) for share in (0.5, 0.75, 1)] == [0.25, 0.375, 0.5]


def test_without_an_order_the_gap_is_recovered_in_proportion():
    points = curve(ROWS, ORDERS["random"])
    assert points == [(0, 0), (1, 1)]
    assert (apgr(points), cpt(points, 0.8)) == (0.5, 0.8)


def test_a_decision_alone_is_one_point_with_random_mixes_on_both_sides():
    points = curve(ROWS, ORDERS["decision alone"])
    assert points == [(0, 0), (0.5, 1), (1, 1)]
    # As the reference has it for single points: 1/2 + (PGR - c) / 2.
    assert apgr(points) == pytest.approx(0.5 + (1 - 0.5) / 2)


def test_an_order_may_be_worse_than_none():
    points = curve(ROWS, ORDERS["shorter texts to Claude"])
    assert apgr(points) == pytest.approx(0.25)
