"""Signals mined from labelled texts: what generalises is found, what does not is not."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from conductor.core.matching import Matcher
from conductor.core.mining import Label, mine
from conductor.core.text import Text
from conductor.core.thresholds import Limits
from conductor.core.words import normalise
from tests.core.test_decide import POLICY

LIMITS = Limits(judged=20, acceptance_percent=80, step_percent=50, occurrences=3)
TOPICS = (
    "the ferry", "our budget", "a broken pump", "the new office", "rainfall", "the audit",
    "two bridges", "a lost parcel", "the harbour", "school meals", "the old mill", "bus lanes",
)  # fmt: skip
ASKED = ("Kindly gloss {} for the board", "Please gloss {} before noon")
OTHERS = ("What is the weather like near {}?", "Tell me a joke about {}")


def labels(task: str, patterns: tuple[str, ...], also: tuple[str, ...] = ()) -> list[Label]:
    return [
        Label(text=pattern.format(one), task=task, also=also)
        for pattern in patterns
        for one in TOPICS
    ]


GLOSSED = labels("summarization", ASKED)
REST = labels("chat_other", OTHERS, also=("creative", "knowledge_qa"))


def test_a_word_that_mis_typed_texts_of_a_type_share_is_found_and_held():
    (found,) = mine(POLICY, [*GLOSSED, *REST], LIMITS)
    assert (found.task, "gloss" in found.phrase) == ("summarization", True)
    assert (found.precision.hits, found.precision.of) == (found.recall.hits, found.recall.hits)
    assert found.precision.percent == 100
    assert found.learned.fixed >= 3
    assert found.held.fixed >= 3
    assert found.learned.broken == found.held.broken == 0


def test_a_word_that_other_types_share_is_not_taken():
    meant = labels("creative", ASKED)
    assert mine(POLICY, [*GLOSSED, *meant, *REST], LIMITS) == ()


def test_what_helps_only_where_it_was_found_is_not_taken():
    found, held = (
        [one for one in GLOSSED if sha256(normalise(one.text).encode()).digest()[0] % 2 == half]
        for half in (0, 1)
    )
    assert min(len(found), len(held)) > LIMITS.occurrences
    assert mine(POLICY, [*found, *REST], LIMITS) == ()
    assert mine(POLICY, [*found, *held[:2], *REST], LIMITS) != ()


def test_few_texts_speak_for_nothing():
    assert mine(POLICY, [*GLOSSED[:10], *REST[:9]], LIMITS) == ()
    wanting = replace(LIMITS, occurrences=30)
    assert mine(POLICY, [*GLOSSED, *REST], wanting) == ()


def test_what_is_right_already_needs_no_change():
    assert (
        mine(POLICY, labels("summarization", ("Summarize this text about {}.",)) * 2, LIMITS) == ()
    )


def test_a_signal_that_misleads_on_both_halves_is_trusted_less():
    calm = ("Extract yourself from {}, friend", "Extract yourself now, {} can wait")
    texts = labels("chat_other", calm, also=("knowledge_qa",))
    said = Matcher(POLICY.signals.listed).find(Text(texts[0].text))
    found = [one for one in mine(POLICY, [*texts, *REST], LIMITS) if one.signal]
    assert found
    assert {one.signal for one in found} <= said.keys()
    assert all(0 <= one.weight < one.was for one in found)
    assert all(one.held.gain > 0 for one in found)
