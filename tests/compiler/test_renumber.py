"""One number of a policy file is written anew, and nothing else."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.compiler.renumber import bound_path, renumbered, weighed, weight_of
from conductor.compiler.rewrite import comments
from conductor.errors import SourceError
from tests.conftest import ROOT

ROUTING = (ROOT / "policy/routing.toml").read_text(encoding="utf-8")
TASKS = (ROOT / "policy/tasks.toml").read_text(encoding="utf-8")
BOUNDS = [
    (rule["id"], path[-2], path[-1])
    for rule in tomllib.loads(ROUTING)["rule"]
    for path in [
        (fact, operator)
        for fact, how in rule["when"].items()
        if isinstance(how, dict)
        for operator, number in how.items()
        if isinstance(number, int)
    ]
]


@given(st.sampled_from(BOUNDS), st.integers(0, 10_000_000))
def test_the_diff_is_one_number(bound: tuple[str, str, str], value: int):
    rule, fact, operator = bound
    path = bound_path(ROUTING, rule, fact, operator)
    assert path is not None
    text = renumbered("routing.toml", ROUTING, path, value)
    old, new = ROUTING.splitlines(), text.splitlines()
    assert sum(one != two for one, two in zip(old, new, strict=True)) <= 1
    assert comments("routing.toml", text) == comments("routing.toml", ROUTING)
    (written,) = [one for one in tomllib.loads(text)["rule"] if one["id"] == rule]
    assert written["when"][fact][operator] == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = { b = 8_000 } # 8_000\n", "a = { b = 12_000 } # 8_000\n"),
        ("a.b = 8000\n", "a.b = 12000\n"),
        ("[a]\n'b' = -3 # why\n", "[a]\n'b' = 12000 # why\n"),
    ],
)
def test_it_is_written_as_the_old_one_was(text: str, expected: str):
    assert renumbered("x.toml", text, ("a", "b"), 12_000) == expected


@pytest.mark.parametrize("text", ["a.b = 0x1f\n", "a.b = 1.5\n", "a.b = 'x'\n", "a.c = 1\n"])
def test_what_is_no_plain_number_is_refused(text: str):
    with pytest.raises(SourceError, match=r"`a\.b` cannot be replaced"):
        renumbered("x.toml", text, ("a", "b"), 2)


def test_a_bound_inside_alternatives_is_found_and_one_that_stands_twice_is_not():
    text = '[[rule]]\nid = "r"\nwhen = { any = [{ a = { gt = 4 } }, { b = { gt = 4 } }] }\n'
    assert bound_path(text, "r", "b", "gt") == ("rule", 0, "when", "any", 1, "b", "gt")
    twice = text.replace("{ b =", "{ a =")
    assert bound_path(twice, "r", "a", "gt") is None
    assert bound_path(text, "other", "a", "gt") is None


def test_the_weight_of_a_signal_is_found_by_its_task():
    path, weight = weight_of(TASKS, "extract", "task", "extraction") or ((), 0)
    assert path[:3] == ("tasks", "extraction", "signals")
    assert f"weight = {weight - 1}" in renumbered("tasks.toml", TASKS, path, weight - 1)
    assert weight_of(TASKS, "extract", "task", "reasoning") is None


FACTS = """\
[facts.a]
signals = [{ id = "x", value = true, phrases = ["p"] }] # why
[[facts.b.signals]]
id = "y" # because
value = 3
[[facts.b.signals]]
id = "z"
value = 4
weight = 5
"""


@pytest.mark.parametrize(
    ("signal", "fact", "value", "was", "part"),
    [
        ("x", "a", "True", 1, '[{ id = "x", weight = 0, value = true, phrases = ["p"] }] # why'),
        ("y", "b", "3", 1, 'id = "y" # because\nweight = 0\nvalue = 3'),
        ("z", "b", "4", 5, "value = 4\nweight = 0\n"),
    ],
)  # fmt: skip
def test_a_weight_is_written_where_there_is_none(signal, fact, value, was, part):
    path, weight = weight_of(FACTS, signal, fact, value) or ((), 0)
    assert weight == was
    text = weighed("facts.toml", FACTS, path, 0)
    assert part in text
    assert weight_of(text, signal, fact, value) == (path, 0)
    assert comments("facts.toml", text) == comments("facts.toml", FACTS)


def test_a_signal_for_another_value_is_another_signal():
    assert weight_of(FACTS, "y", "b", "4") is None
    assert weight_of(FACTS, "y", "c", "3") is None
