from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.core.capability import (
    CapabilityClass,
    Model,
    Suggestion,
    best_for,
    offers,
    pulls,
    size_of,
)

SMALL = CapabilityClass(name="small", above_billion=1, max_billion=4, trusted_with="labels")


@pytest.mark.parametrize(
    ("name", "billion"),
    [
        ("qwen3:0.6b", 0.6),
        ("smollm2-135m-instruct", 0.135),
        ("mixtral:8x7b", 56),
        ("qwen3:30b-a3b", 30),
        ("gemma3n:e4b", 4),
        ("phi4", None),
        ("mistral:latest", None),
        ("4.3b", 4.3),
    ],
)
def test_the_size_is_read_from_the_name(name: str, billion: float | None):
    assert size_of(name) == billion


@pytest.mark.parametrize(
    ("billion", "fits", "admits"),
    [
        (0.6, False, True),
        (1.1, False, True),
        (1.24, True, True),
        (4.3, True, True),
        (4.4, True, True),
        (4.41, False, False),
        (7, False, False),
    ],
)
def test_a_class_takes_its_round_number_and_a_tenth_more(billion: float, fits: bool, admits: bool):
    assert SMALL.fits(billion) is fits
    assert SMALL.admits(billion) is admits


def model(name: str, billion: float | None, **more) -> Model:
    return Model(name=name, base_url="u", billion=billion, **more)


def test_the_biggest_that_fits_is_chosen_and_nothing_that_leaves_the_machine():
    models = [
        model("huge", 7),
        model("best", 4),
        model("less", 1.7),
        model("cloud", 4.2, remote=True),
        model("unknown", None),
    ]
    chosen = best_for(SMALL, models, 24)
    assert chosen is not None
    assert chosen.name == "best"


def test_a_smaller_one_stands_in_where_memory_is_short():
    models = [model("best", 4, gigabytes=2.6), model("less", 0.6, gigabytes=0.5)]
    chosen = best_for(SMALL, models, 2)
    assert chosen is not None
    assert chosen.name == "less"
    assert best_for(SMALL, models, 1) is None


@given(st.lists(st.floats(0.1, 100), max_size=6), st.floats(0, 64))
def test_nothing_too_big_is_ever_chosen(sizes: list[float], memory: float):
    models = [model(str(size), size) for size in sizes]
    chosen = best_for(SMALL, models, memory)
    if chosen is not None:
        assert chosen.billion is not None
        assert chosen.billion <= 4.4
        assert (chosen.memory_gigabytes or 0) <= memory


def test_only_what_fits_into_memory_is_worth_pulling():
    big = Suggestion(capability="small", model="big", billion=4, gigabytes=2.6, licence="MIT")
    tiny = Suggestion(capability="small", model="tiny", billion=1, gigabytes=0.8, licence="MIT")
    assert pulls([big, tiny], "small", 2) == (tiny,)
    assert pulls([big, tiny], "micro", 64) == ()


# --- what is worth pulling

TINY = Suggestion(capability="micro", model="t:1b", billion=1, gigabytes=0.8, licence="MIT")
GOOD = Suggestion(capability="small", model="g:4b", billion=4, gigabytes=2.6, licence="MIT")
HUGE = Suggestion(capability="small", model="h:4b", billion=4, gigabytes=9, licence="MIT")
NEEDS = {
    "label": frozenset({"micro"}),
    "extract": frozenset({"small"}),
    "swarm": frozenset({"micro", "small"}),
}


def test_an_offer_names_what_it_unlocks_and_what_needs_more():
    micro, small = offers([TINY, HUGE, GOOD], NEEDS, frozenset(), 8)
    assert (micro.suggestion, micro.unlocks, micro.helps) == (TINY, ("label",), ("swarm",))
    assert (small.suggestion, small.unlocks, small.helps) == (GOOD, ("extract",), ("swarm",))
    assert micro.sentence == (
        "0.8 GB to fetch, 1.4 GB of memory, MIT, for `micro`: enough for label;"
        " one of the models for swarm"
    )


def test_a_class_that_is_served_needs_no_offer_and_counts_for_the_others():
    (small,) = offers([TINY, GOOD], NEEDS, frozenset({"micro"}), 8)
    assert small.unlocks == ("extract", "swarm")


def test_an_offer_that_does_not_fit_into_memory_says_so():
    (small,) = offers([HUGE], NEEDS, frozenset(), 8)
    assert not small.fits
    assert "9.6 GB of memory, more than this machine has" in small.sentence
