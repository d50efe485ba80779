"""Patterns of signals: what is refused, and that nothing accepted can be slow."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.compiler.patterns import MAX_WAYS, Slow, checked

# Each of these is a way in which a pattern becomes slow, or sees less than its author thinks.
REFUSED = {
    "(a+)+b": "upper limit",
    "spam.*": "upper limit",
    "spam{2,}": "upper limit",
    "(?:spam){0,5}": "only one character",
    "(?:ab?){1,9}spam": "only one character",
    "spam[a-z]{0,40}[a-z]{0,40}!": "1681 ways",
    "(?:aa|a|[ab])(?:bb|b|[ab])[a-c]{0,60}spam": "549 ways",
    r"(spam)\1": "refer back",
    "(?=spam)": "ahead or behind",
    "(?<!x)spam": "ahead or behind",
    "(?>spam)": "atomic",
    "spa[a-z]{0,3}+m": "possessive",
    "(?i)spam": "flags",
    "Spam": "`S` never matches",
    "a{0,3}b": "needs a word",
    "(?:spam|[a-z])": "needs a word",
    "(spam": "not valid",
    "(" * 400 + "spam" + ")" * 400: "characters",
}


@pytest.mark.parametrize("pattern", REFUSED, ids=lambda one: one[:30])
def test_a_pattern_that_could_be_slow_or_blind_is_refused(pattern):
    with pytest.raises(Slow, match=re.escape(REFUSED[pattern])):
        checked(pattern)


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"\bcount the (?:words|lines)\b", ("count the ",)),
        ("(?:spam|ham and eggs)", ("ham and eggs", "spam")),
        ("x{0,3}spam", ("spam",)),
        ("^ {0,8}def \\w", ("def ",)),
        ("(?:very )?large", ("large",)),
    ],
)
def test_a_pattern_says_what_no_match_is_without(pattern, needed):
    assert checked(pattern) == (pattern, needed)


# Parts of patterns as data, so that a matcher of our own can count what `re` would try.
Part = tuple[str, tuple[str, ...], int, int]  # regular expression, what it can match, from, to

SINGLE = st.sampled_from([("a", ("a",)), ("[ab]", ("a", "b")), (".", tuple("abspm "))])
PARTS = st.one_of(
    SINGLE.map(lambda one: (*one, 1, 1)),
    st.builds(
        lambda one, low, more: (*one, low, low + more),
        SINGLE,
        st.integers(0, 3),
        st.integers(0, 40),
    ),
    st.sampled_from(
        [
            ("(?:a|ab|b)", ("a", "ab", "b"), 1, 1),
            ("(?:spam|spa|sp)", ("spam", "spa", "sp"), 1, 1),
            ("(?:ab)", ("ab",), 0, 1),
            ("(?:a|aa|aaa)", ("a", "aa", "aaa"), 1, 1),
        ]
    ),
)


def written(parts: list[Part]) -> str:
    return "".join(
        one if (low, high) == (1, 1) else f"{one}{{{low},{high}}}" for one, _, low, high in parts
    )


def tries(parts: list[Part], text: str, at: int = 0) -> int:
    """Count the ends that backtracking reaches when whatever follows never matches."""
    if not parts:
        return 1
    (_, choices, low, high), *rest = parts
    reached = tries(rest, text, at) if low == 0 else 0
    if high > 0:
        fewer: Part = ("", choices, max(low - 1, 0), high - 1)
        for choice in choices:
            if text.startswith(choice, at):
                reached += tries([fewer, *rest] if high > 1 else rest, text, at + len(choice))
    return reached


@given(st.lists(PARTS, max_size=4), st.text("ab", max_size=60))
def test_an_accepted_pattern_is_tried_in_no_more_ways_than_allowed_wherever_it_starts(parts, text):
    try:
        checked(f"{written(parts)}spam")
    except Slow:
        return
    assert max(tries(parts, text, at) for at in range(len(text) + 1)) <= MAX_WAYS


@given(st.lists(PARTS, max_size=4), st.text("abspm ", max_size=60))
def test_a_text_without_the_needed_words_never_matches(parts, text):
    pattern = written(parts)
    try:
        _, needed = checked(pattern)
    except Slow:
        return
    if not any(one in text for one in needed):
        assert re.search(pattern, text, re.MULTILINE) is None
