from __future__ import annotations

import json

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from conductor.core.digest import canonical, digest

SAFE = 2**53 - 1  # beyond it RFC 8785 would round; we keep every digit
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-SAFE, SAFE)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON)
@example(1.192092896e-07)
@example(1e-6)
@example(1e-7)
@example(1e21)
@example(1e20)
@example(-0.0)
def test_canonical_json_is_what_the_reference_library_writes(value):
    assert canonical(value).encode() == rfc8785.dumps(value)


@given(JSON)
def test_canonical_json_is_its_own_canonical_form(value):
    text = canonical(value)
    assert canonical(json.loads(text, parse_int=_number)) == text


def _number(digits: str) -> int | float:
    """A float above 2**53 has no point in ECMAScript's notation: it reads back as it was."""
    return int(digits) if abs(int(digits)) <= SAFE else float(digits)


def test_the_order_of_keys_does_not_matter():
    assert digest({"a": 1, "b": [True, None]}) == digest({"b": [True, None], "a": 1})


def test_big_integers_keep_their_digits():
    assert canonical(2**70) == str(2**70)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1: 2}, {1, 2}, b"x"])
def test_what_json_cannot_hold_is_refused(value):
    with pytest.raises(TypeError):
        canonical(value)
