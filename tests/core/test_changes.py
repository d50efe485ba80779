"""Leaves that differ, and which way a number tends."""

from __future__ import annotations

import pytest

from conductor.core.changes import LOOSER, TIGHTER, Change, changes


def test_lists_of_named_things_are_compared_by_name():
    old = {"agents": [{"name": "a", "prompt": "x"}, {"name": "b"}]}
    new = {"agents": [{"name": "b"}, {"name": "a", "prompt": "y"}]}
    assert list(changes("e", old, new)) == [Change(path="e.agents.a.prompt", old="x", new="y")]


def test_what_comes_and_what_goes_has_no_other_side():
    assert list(changes("p", {"a": 1}, {"b": 2})) == [
        Change(path="p.a", old=1, new=None),
        Change(path="p.b", old=None, new=2),
    ]


@pytest.mark.parametrize(
    ("path", "old", "new", "tends"),
    [
        ("sampling.rate", 0.15, 0.2, TIGHTER),
        ("sampling.established.uses", 20, 10, LOOSER),
        ("promotion.library.good", 5, 4, LOOSER),
        ("promotion.global.signature", True, False, LOOSER),
        ("models.classes.small.max_billion", 4, 3, TIGHTER),
        ("models.classes.small.context_tokens", 4, 3, ""),
        ("learning.lora_candidate.poor", 3, 4, ""),
        ("sampling.rate", None, 0.2, ""),
        ("rules.a.on_failure", "claude", "ask", ""),
    ],
)
def test_a_number_tends_to_tighter_or_looser(path, old, new, tends):
    assert Change(path=path, old=old, new=new).tends == tends
