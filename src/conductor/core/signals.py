"""Signals: how facts are derived from a task's words, as data and without any model.

A signal is a list of phrases that speak for one value of one fact, a list of phrases to count, or
a measure of the text. Phrases match whole words, whatever the case and punctuation. The work is
linear in the length of the text, and only its beginning and end are searched for phrases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from conductor.core import tokens
from conductor.core.facts import DERIVED, INTEGER, Fact, FactSpec, Scalar
from conductor.core.value import Value

TOKENS, DOCUMENTS = "tokens", "documents"  # what a signal can measure
MEASURES = (TOKENS, DOCUMENTS)
ANYWHERE, OPENING = "anywhere", "opening"  # where a phrase must stand

_HEAD, _TAIL = 6_000, 2_000  # characters: instructions stand before or after a document
_OPENING_WORDS = 14
_SHORT = 60  # tokens; a shorter text that points to a document does not hold it
_BETWEEN_WORDS = re.compile(r"[\W_]+")


class Signal(Value):
    """Exactly one of `phrases` with a `value`, `count`, or `measure` is set."""

    __slots__ = ("count", "fact", "id", "measure", "phrases", "unless", "value", "weight", "where")

    def __init__(
        self,
        id: str,  # noqa: A002 - the word that policy files use
        fact: str,
        *,
        value: Scalar | None = None,
        phrases: tuple[str, ...] = (),
        count: tuple[str, ...] = (),
        measure: str = "",
        unless: tuple[str, ...] = (),
        weight: int = 1,
        where: str = ANYWHERE,
    ) -> None:
        self.id = id
        self.fact = fact
        self.value = value
        self.phrases = phrases  # normalised: any of them fires the signal, once
        self.count = count  # normalised: the value is how often they occur together
        self.measure = measure
        self.unless = unless  # normalised: they say that the document is somewhere else
        self.weight = weight
        self.where = where


class Input(Value):
    """A file or stream that belongs to the task."""

    __slots__ = ("name", "tokens")

    def __init__(self, name: str, tokens: int) -> None:
        self.name = name
        self.tokens = tokens


def normalise(text: str) -> str:
    """Give the words in lower case with one blank between, before and after them."""
    return f" {_BETWEEN_WORDS.sub(' ', text.lower()).strip()} "


def derive(
    signals: Sequence[Signal], specs: Mapping[str, FactSpec], text: str, inputs: Sequence[Input]
) -> dict[str, Fact]:
    """Derive what the words and the inputs say; facts that nothing speaks for are left out."""
    if not text.strip() and not inputs:
        return {}
    window = text if len(text) <= _HEAD + _TAIL else f"{text[:_HEAD]}\n{text[-_TAIL:]}"
    words = normalise(window)
    opening = " ".join(words.split(" ", _OPENING_WORDS + 1)[: _OPENING_WORDS + 1]) + " "
    measured = _measures(signals, specs, text, inputs, words)
    voted = _votes(signals, words, opening)
    return {name: measured.get(name) or voted[name] for name in specs if name in measured | voted}


def _votes(signals: Sequence[Signal], words: str, opening: str) -> dict[str, Fact]:
    """Let the phrases vote; a tie between two values says nothing."""
    ballots: dict[str, dict[Scalar, tuple[int, str]]] = {}
    for signal in signals:
        where = opening if signal.where == OPENING else words
        if signal.value is None or not any(f" {phrase} " in where for phrase in signal.phrases):
            continue
        ballot = ballots.setdefault(signal.fact, {})
        weight, first = ballot.get(signal.value, (0, signal.id))
        ballot[signal.value] = (weight + signal.weight, first)
    facts: dict[str, Fact] = {}
    for name, ballot in ballots.items():
        ranked = sorted(ballot.items(), key=lambda item: -item[1][0])
        (value, (weight, signal_id)), *others = ranked
        if others and others[0][1][0] == weight:
            continue
        share = weight / sum(entry[0] for entry in ballot.values())
        facts[name] = Fact(value, DERIVED, signal_id, round(share, 2))
    return facts


def _measures(
    signals: Sequence[Signal],
    specs: Mapping[str, FactSpec],
    text: str,
    inputs: Sequence[Input],
    words: str,
) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    for signal in signals:
        spec = specs[signal.fact]
        amount: int | None = None
        if signal.count:
            amount = sum(words.count(f" {phrase} ") for phrase in signal.count) or None
        elif signal.measure == TOKENS:
            amount = _tokens(signal, text, inputs, words)
        elif signal.measure == DOCUMENTS and inputs:
            amount = len(inputs)
        if amount is not None and spec.kind == INTEGER:
            facts[signal.fact] = Fact(spec.clamp(amount), DERIVED, signal.id)
    return facts


def _tokens(signal: Signal, text: str, inputs: Sequence[Input], words: str) -> int | None:
    own = tokens.estimate(text)
    if inputs:
        return own + sum(one.tokens for one in inputs)
    elsewhere = any(f" {phrase} " in words for phrase in signal.unless)
    return None if elsewhere and own < _SHORT else own
