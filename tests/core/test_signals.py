from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.core.facts import FactSpec
from conductor.core.signals import Input, Signal, derive, normalise
from conductor.core.tokens import estimate

SPECS = {
    "task": FactSpec("task", "enum", "other", values=("a", "b", "other")),
    "size": FactSpec("size", "integer", 100, low=0, high=100),
    "rules": FactSpec("rules", "integer", 0, low=0, high=5),
}


def facts(*signals: Signal, text: str = "", inputs: tuple[Input, ...] = ()) -> dict[str, object]:
    return {name: one.value for name, one in derive(signals, SPECS, text, inputs).items()}


def test_phrases_match_whole_words_whatever_the_case_and_punctuation():
    signal = Signal("s", "task", value="a", phrases=("pull out",))
    assert facts(signal, text="Please PULL-OUT: dates") == {"task": "a"}
    assert facts(signal, text="pull outs") == {}


def test_the_heavier_value_wins_with_its_share_as_confidence():
    a = Signal("a", "task", value="a", phrases=("x",), weight=3)
    b = Signal("b", "task", value="b", phrases=("y",), weight=1)
    fact = derive((a, b), SPECS, "x y", ())["task"]
    assert (fact.value, fact.signal, fact.confidence) == ("a", "a", 0.75)


def test_a_tie_says_nothing():
    a = Signal("a", "task", value="a", phrases=("x",))
    b = Signal("b", "task", value="b", phrases=("y",))
    assert facts(a, b, text="x y") == {}


def test_a_signal_for_the_opening_does_not_look_further():
    signal = Signal("s", "task", value="a", phrases=("who",), where="opening")
    assert facts(signal, text="who wrote it") == {"task": "a"}
    assert facts(signal, text="word " * 20 + "who") == {}


def test_counted_words_are_summed_and_clamped():
    signal = Signal("s", "rules", count=("must", "never"))
    assert facts(signal, text="must a must b never c") == {"rules": 3}
    assert facts(signal, text="must " * 1 + "x must " * 9) == {"rules": 5}
    assert facts(signal, text="nothing") == {}


def test_the_size_is_the_text_s_unless_it_points_to_a_document_elsewhere():
    signal = Signal("s", "size", measure="tokens", unless=("this file",))
    assert facts(signal, text="sum up: a b c") == {"size": estimate("sum up: a b c")}
    assert facts(signal, text="sum up this file") == {}
    assert facts(signal, text="sum up this file", inputs=(Input("f", 50),)) == {"size": 54}


def test_documents_are_the_inputs_given():
    signal = Signal("s", "rules", measure="documents")
    assert facts(signal, text="x", inputs=(Input("f", 1), Input("g", 1))) == {"rules": 2}
    assert facts(signal, text="x") == {}


@given(st.text())
def test_normalised_text_has_single_blanks_around_every_word(text):
    words = normalise(text)
    assert words.startswith(" ")
    assert words.endswith(" ")
    assert normalise(words) == words


@given(st.text(), st.text())
def test_an_estimate_adds_up_over_lines(one, two):
    assert estimate(f"{one}\n{two}") >= max(estimate(one), estimate(two))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [("", 0), (" \t ", 0), ("cat", 1), ("strawberry", 2), ("1234", 2), ("a,b", 3)],
)
def test_an_estimate_counts_word_pieces(text, pieces):
    assert estimate(text) == pieces


def test_a_very_long_text_is_estimated_from_its_beginning():
    assert estimate("word " * 1_000_000) == 1_000_000
