from __future__ import annotations

import json
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.core.condition import (
    ALL,
    ANY,
    NOT,
    Atom,
    Group,
    facts_of,
    first_failure,
    from_json,
    holds,
    to_json,
)

ORDERINGS = st.sampled_from(["lt", "le", "gt", "ge", "eq", "ne"])
SETS = st.sampled_from(["in", "not_in"])
ATOMS = st.one_of(
    st.builds(Atom, st.just("size"), ORDERINGS, st.integers(-1, 3)),
    st.builds(Atom, st.just("size"), SETS, st.tuples(st.integers(0, 2))),
    st.builds(Atom, st.just("safe"), st.just("eq"), st.booleans()),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.builds(
        Group, st.sampled_from([ALL, ANY, NOT]), st.lists(inner, max_size=3).map(tuple)
    ),
    max_leaves=6,
)
POINTS = [{"size": size, "safe": safe} for size, safe in product(range(-1, 4), (True, False))]


@given(CONDITIONS)
def test_a_condition_holds_exactly_when_nothing_keeps_it_from_holding(condition):
    for values in POINTS:
        assert holds(condition, values) == (first_failure(condition, values) == "")


@given(CONDITIONS)
def test_a_condition_survives_the_way_through_json(condition):
    assert from_json(json.loads(json.dumps(to_json(condition)))) == condition


@given(CONDITIONS)
def test_only_named_facts_are_looked_at(condition):
    for values in POINTS:
        assert holds(condition, {name: values[name] for name in facts_of(condition)}) == holds(
            condition, values
        )


@pytest.mark.parametrize(
    ("operator", "below", "equal", "above"),
    [
        ("lt", True, False, False),
        ("le", True, True, False),
        ("gt", False, False, True),
        ("ge", False, True, True),
        ("eq", False, True, False),
        ("ne", True, False, True),
    ],
)
def test_operators_at_their_boundary(operator, below, equal, above):
    atom = Atom("size", operator, 8000)
    assert [holds(atom, {"size": size}) for size in (7999, 8000, 8001)] == [below, equal, above]


def test_a_failure_is_told_in_words_with_the_value_and_the_wish():
    atom = Atom("document_tokens", "lt", 8000)
    text = first_failure(atom, {"document_tokens": 12000})
    assert text == "`document_tokens` is 12,000, not below 8,000"


@pytest.mark.parametrize("document", [[], ["a", "eq"], ["all", "x"], ["a", "eq", None], {}])
def test_what_is_no_condition_is_refused(document):
    with pytest.raises(ValueError, match="not a condition"):
        from_json(document)
