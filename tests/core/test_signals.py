"""What signals derive: how they fire, combine, and are weighed against each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.core.facts import Fact, FactSpec
from conductor.core.signal import Signal
from conductor.core.signals import Input, Signals
from conductor.core.tokens import estimate
from conductor.core.words import normalise

SPECS = {
    "task": FactSpec("task", "enum", "other", values=("a", "a.x", "a.y", "b", "other")),
    "size": FactSpec("size", "integer", 100, low=0, high=100),
    "rules": FactSpec("rules", "integer", 0, low=0, high=5),
    "sure": FactSpec("sure", "integer", 100, low=0, high=100, confidence_of="task"),
}


def derived(
    *signals: Signal, text: str = "", inputs: tuple[Input, ...] = (), lead: tuple[int, ...] = ()
) -> dict[str, Fact]:
    return Signals(signals, lead).derive(SPECS, text, inputs)


def facts(*signals: Signal, text: str = "", inputs: tuple[Input, ...] = ()) -> dict[str, object]:
    found = derived(*signals, text=text, inputs=inputs)
    return {name: one.value for name, one in found.items() if name != "sure"}


def fires(text: str, **looks: object) -> bool:
    return bool(facts(Signal("s", "task", value="a", **looks), text=text))  # type: ignore[arg-type]


def test_phrases_match_whole_words_whatever_the_case_and_punctuation():
    assert fires("Please PULL-OUT: dates", phrases=("pull out",))
    assert not fires("pull outs", phrases=("pull out",))


@pytest.mark.parametrize(
    ("where", "text", "found"),
    [
        ("start", "who wrote it", True),
        ("start", "tell me who", False),
        ("opening", "tell me who", True),
        ("opening", "word " * 20 + "who", False),
        ("ending", "word " * 20 + "who", True),
        ("ending", "who " + "word " * 60, False),
    ],
)
def test_a_phrase_can_be_wanted_at_one_place_only(where, text, found):
    assert fires(text, phrases=("who",), where=where) is found


def test_what_is_wanted_of_the_instruction_is_not_found_in_what_was_pasted():
    text = "Summarize this:\n" + "the audit found an exploit that nobody had seen before " * 3
    order = (("audit",), ("exploit",))
    assert fires(text, phrases=("exploit",))
    assert fires(text, order=order)
    assert not fires(text, phrases=("exploit",), where="instruction")
    assert not fires(text, order=order, where="instruction")
    assert fires(text, phrases=("summarize",), where="instruction")


def test_what_looks_at_the_instruction_measures_it_alone():
    text = "Summarize this, exactly in one line:\n" + "It must be exactly so. " * 9
    few = (("words", 0, 8), ("sentences", 0, 1))
    assert fires(text, phrases=("summarize",), amounts=few, where="instruction")
    assert fires(text, phrases=("summarize",), amounts=few, where="start")
    assert not fires(text, phrases=("summarize",), amounts=few)
    assert fires(text, count=("must",))
    assert not fires(text, count=("must",), where="instruction")
    assert fires(text, phrases=("summarize",), unless=("must",), where="opening")
    assert not fires(text, phrases=("summarize",), unless=("must",))


def test_the_text_of_a_file_speaks_by_its_form_and_never_by_its_words():
    file = (Input("a.diff", 9, "route this local\n+++ b/x\n+++ b/y\nsummarize it\n"),)
    form = Signal("form", "task", value="a", amounts=(("diff_files", 2, None),))
    words = Signal("words", "task", value="b", phrases=("summarize",), weight=5)
    order = Signal("order", "task", value="b", order=(("route",), ("local",)), weight=5)
    pattern = Signal("p", "task", value="b", patterns=(("route", ("route",)),), weight=5)
    told = facts(form, words, order, pattern, text="Look at it", inputs=file)
    assert told == {"task": "a"}
    assert facts(words, text="Summarize it", inputs=file) == {"task": "b"}


def test_a_signal_can_look_everywhere_which_tells_the_language_of_a_file():
    german = Signal("g", "task", value="b", count=("und", "nicht"), where="everywhere")
    file = (Input("brief.txt", 9, "Und wir haben sie nicht"),)
    assert facts(german, text="Summarize it", inputs=file) == {"task": "b"}
    assert facts(german, text="Summarize it") == {}


def test_so_many_of_several_phrases_or_signals_can_be_wanted():
    assert fires("a list, a table and a poem", phrases=("list", "table", "poem"), least=3)
    assert not fires("a list, a list and a list", phrases=("list", "table", "poem"), least=2)
    cues = [Signal(name, "task", phrases=(name,)) for name in ("red", "green", "blue")]
    two = Signal("two", "task", value="a", with_=("red", "green", "blue"), least=2)
    assert facts(*cues, two, text="green and blue") == {"task": "a"}
    assert facts(*cues, two, text="green and green") == {}


def test_a_number_that_is_counted_and_voted_for_is_the_greater_of_both():
    vote = Signal("vote", "rules", value=4, phrases=("strictly",))
    count = Signal("count", "rules", count=("must",))
    assert facts(vote, count, text="strictly, it must") == {"rules": 4}
    assert facts(vote, count, text="it must " * 5 + "strictly") == {"rules": 5}


def test_an_order_is_one_of_each_behind_the_other_within_a_sentence():
    order = (("tell me", "identify"), ("or", "versus"))
    assert fires("Tell me whether it is alive or not", order=order)
    assert fires("Please identify: sun versus moon", order=order)
    assert not fires("This or that? Tell me.", order=order)
    assert not fires("Identify it. Or not.", order=order)


def test_a_pattern_sees_the_text_in_lower_case_line_by_line():
    pattern = (("^def \\w", ("def",)),)
    assert fires("x\nDEF name(self)", patterns=pattern)
    assert not fires("x def name(self)", patterns=pattern)


def test_everything_that_a_signal_names_must_be_found():
    looks = {"phrases": ("label",), "shapes": ("question",), "amounts": (("words", 3, 5),)}
    assert fires("label it now?", **looks)
    assert not fires("label it now", **looks)
    assert not fires("label it?", **looks)
    assert not fires("label it now or a little later?", **looks)


def test_a_signal_is_kept_from_firing_by_phrases_and_by_other_signals():
    cue = Signal("cue", "task", phrases=("in code",))
    on = Signal("on", "task", value="a", phrases=("write",), with_=("cue",))
    off = Signal("off", "task", value="b", phrases=("write",), without=("cue",), unless=("never",))
    assert facts(cue, on, off, text="write it in code") == {"task": "a"}
    assert facts(cue, on, off, text="write it") == {"task": "b"}
    assert facts(cue, on, off, text="never write it") == {}


def test_the_heavier_value_wins_and_says_which_signal_and_words():
    a = Signal("a", "task", value="a", phrases=("x",), weight=3)
    b = Signal("b", "task", value="b", phrases=("y",), weight=1)
    fact = derived(a, b, text="X, y")["task"]
    assert (fact.value, fact.signal, fact.words, fact.confidence) == ("a", "a", "x", 0.75)


def test_a_tie_says_nothing_and_neither_does_more_against_than_for():
    a = Signal("a", "task", value="a", phrases=("x",))
    b = Signal("b", "task", value="b", phrases=("y",))
    against = Signal("n", "task", value="a", phrases=("not",), weight=-2)
    assert facts(a, b, text="x y") == {}
    assert facts(a, against, text="not x") == {}
    assert facts(a, b, against, text="not x y") == {"task": "b"}


def test_what_speaks_for_a_child_speaks_for_its_parent_and_the_finest_type_is_derived():
    parent = Signal("p", "task", value="a", phrases=("code",), weight=2)
    child = Signal("c", "task", value="a.x", phrases=("python",), weight=2)
    other = Signal("o", "task", value="b", phrases=("poem",), weight=3)
    assert facts(parent, child, other, text="a poem, code in python") == {"task": "a.x"}
    assert facts(parent, child, other, text="code") == {"task": "a"}
    sibling = Signal("s", "task", value="a.y", phrases=("rust",), weight=2)
    assert facts(parent, child, sibling, text="code, python or rust") == {"task": "a"}


def test_the_confidence_is_looked_up_by_the_lead_and_is_a_fact_of_its_own():
    a = Signal("a", "task", value="a", phrases=("x",), weight=3)
    b = Signal("b", "task", value="b", phrases=("y",), weight=2)
    close = derived(a, b, text="x y", lead=(40, 60, 80))
    clear = derived(a, b, text="x", lead=(40, 60, 80))
    assert (close["task"].confidence, close["sure"].value) == (0.6, 60)
    assert (clear["task"].confidence, clear["sure"].value) == (0.8, 80)
    assert "sure" not in derived(a, text="z")


def test_with_a_table_of_confidence_a_tie_takes_the_first_and_says_how_unsure_that_is():
    a = Signal("a", "task", value="a", phrases=("x",))
    b = Signal("b", "task", value="b", phrases=("y",))
    tie = derived(a, b, text="y x", lead=(40, 60))
    assert (tie["task"].value, tie["sure"].value) == ("a", 40)


def test_counted_words_are_summed_and_clamped_and_weigh_as_often_as_they_occur():
    signal = Signal("s", "rules", count=("must", "never"))
    assert facts(signal, text="must a must b never c") == {"rules": 3}
    assert facts(signal, text="must " * 1 + "x must " * 9) == {"rules": 5}
    assert facts(signal, text="nothing") == {}
    often = Signal("o", "task", value="a", count=("must",))
    once = Signal("n", "task", value="b", phrases=("poem",), weight=2)
    assert facts(often, once, text="a poem must x and must y, it must") == {"task": "a"}


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
