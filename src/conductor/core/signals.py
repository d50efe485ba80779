"""Signals: how facts are derived from a task's words, as data and without any model.

A signal speaks for one value of one fact, with a weight, when everything that it names is found:
a phrase, a pattern, a shape, an amount, other signals. Or it counts words, or measures the text.
The values of a fact are then weighed against each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conductor.core import tokens
from conductor.core.facts import DERIVED, Fact, FactSpec, Scalar
from conductor.core.matching import Found, Matcher
from conductor.core.signal import Signal
from conductor.core.text import Text
from conductor.core.value import Value

TOKENS, DOCUMENTS = "tokens", "documents"  # what a signal can measure
MEASURES = (TOKENS, DOCUMENTS)

_FIRST, _OF_EACH = 5, 2_000  # inputs that are looked into, and their characters
_SHORT = 60  # tokens; a shorter text that points to a document does not hold it


class Input(Value):
    """A file or stream that belongs to the task; its text is what the task is about."""

    __slots__ = ("name", "text", "tokens")

    def __init__(self, name: str, tokens: int, text: str = "") -> None:
        self.name = name
        self.tokens = tokens
        self.text = text


class Signals(Value):
    """The signals of a policy; what finds them in a text is made when the first text comes.

    `confidence` says how often the value of a fact whose confidence is itself a fact is right, in
    percent, by the lead of its weight from 0; the last entry stands for every greater lead.
    """

    __slots__ = ("_matcher", "confidence", "listed")

    def __init__(self, listed: tuple[Signal, ...] = (), confidence: tuple[int, ...] = ()) -> None:
        self.listed = listed
        self.confidence = confidence
        self._matcher: Matcher | None = None

    def _content(self) -> tuple[object, ...]:
        return (self.listed, self.confidence)

    def derive(
        self, specs: Mapping[str, FactSpec], text: str, inputs: Sequence[Input] = ()
    ) -> dict[str, Fact]:
        """Derive what the words and the inputs say; facts that nothing speaks for are left out."""
        if not inputs and not text[:1_000].strip() and not text.strip():
            return {}
        matcher = self._matcher = self._matcher or Matcher(self.listed)
        seen = Text(text, "\n\n".join(one.text[:_OF_EACH] for one in inputs[:_FIRST]))
        found = matcher.find(seen)
        facts = _greater(self._votes(specs, found), _counts(self.listed, specs, found))
        facts |= self._measures(specs, text, seen, inputs)
        facts |= {
            name: _sureness(spec, facts[spec.confidence_of])
            for name, spec in specs.items()
            if spec.confidence_of in facts
        }
        return {name: facts[name] for name in specs if name in facts}

    def _votes(self, specs: Mapping[str, FactSpec], found: Mapping[str, Found]) -> dict[str, Fact]:
        ballots: dict[str, Ballot] = {}
        for signal in self.listed:
            if signal.value is not None and signal.id in found:
                ballot = ballots.setdefault(signal.fact, Ballot())
                times = found[signal.id].times if signal.count else 1
                ballot.add(signal.value, signal.weight * times, signal.id, found[signal.id].words)
        graded = {spec.confidence_of for spec in specs.values()}
        facts = {
            name: ballot.elect(self.confidence if name in graded else ())
            for name, ballot in ballots.items()
        }
        return {name: fact for name, fact in facts.items() if fact}

    def _measures(
        self, specs: Mapping[str, FactSpec], text: str, seen: Text, inputs: Sequence[Input]
    ) -> dict[str, Fact]:
        facts: dict[str, Fact] = {}
        for signal in self.listed:
            amount: int | None = None
            if signal.measure == TOKENS:
                amount = _tokens(signal, text, seen, inputs)
            elif signal.measure == DOCUMENTS and inputs:
                amount = len(inputs)
            if amount is not None:
                facts[signal.fact] = Fact(specs[signal.fact].clamp(amount), DERIVED, signal.id)
        return facts


def _greater(voted: dict[str, Fact], counted: dict[str, Fact]) -> dict[str, Fact]:
    """Merge; of a number that is both voted for and counted, take the greater."""
    for name, fact in counted.items():
        if name not in voted or fact.value >= voted[name].value:  # type: ignore[operator]  # ints
            voted[name] = fact
    return voted


def _counts(
    listed: Sequence[Signal], specs: Mapping[str, FactSpec], found: Mapping[str, Found]
) -> dict[str, Fact]:
    """Add up what is counted for a number."""
    facts: dict[str, Fact] = {}
    for signal in listed:
        if signal.count and signal.value is None and signal.id in found:
            one, before = found[signal.id], facts.get(signal.fact)
            amount = one.times + (int(before.value) if before else 0)
            value = specs[signal.fact].clamp(amount)
            facts[signal.fact] = Fact(value, DERIVED, signal.id, words=one.words)
    return facts


def _sureness(spec: FactSpec, of: Fact) -> Fact:
    return Fact(spec.clamp(round(100 * of.confidence)), DERIVED, of.signal)


def _tokens(signal: Signal, text: str, seen: Text, inputs: Sequence[Input]) -> int | None:
    own = tokens.estimate(text)
    if inputs:
        return own + sum(one.tokens for one in inputs)
    pointed = any(f" {phrase} " in seen.words for phrase in signal.unless)
    elsewhere = own < _SHORT and pointed and not seen.amount("pasted")
    return None if elsewhere else own


class Ballot:
    """Weights by value. What speaks for a child (`a.b`) speaks for its parent `a` as well."""

    __slots__ = ("_best", "_weights")

    def __init__(self) -> None:
        self._weights: dict[Scalar, int] = {}
        self._best: dict[Scalar, tuple[int, str, str]] = {}  # by root: weight, signal, words

    def add(self, value: Scalar, weight: int, signal: str, words: str) -> None:
        self._weights[value] = self._weights.get(value, 0) + weight
        root = _root(value)
        if weight > self._best.get(root, (0, "", ""))[0]:
            self._best[root] = (weight, signal, words)

    def elect(self, confidence: Sequence[int]) -> Fact | None:
        """Give the heaviest value; more against it than for it says nothing.

        The confidence is the share of the weight or, with a table, the entry for the lead. A tie
        says nothing either, unless the table says how sure the first of the heaviest is.
        """
        roots: dict[Scalar, int] = {}
        for value, weight in self._weights.items():
            roots[_root(value)] = roots.get(_root(value), 0) + weight
        ranked = sorted(roots.items(), key=lambda one: -one[1])
        (winner, weight), *others = ranked
        second = max(others[0][1], 0) if others else 0
        if weight < second or weight <= 0 or (weight == second and not confidence):
            return None
        share = weight / sum(one for one in roots.values() if one > 0)
        if confidence:
            share = confidence[min(weight - second, len(confidence) - 1)] / 100
        _, signal, words = self._best[winner]
        return Fact(self._finest(winner), DERIVED, signal, round(share, 2), words)

    def _finest(self, root: Scalar) -> Scalar:
        """Follow the heaviest child down while one is ahead of its siblings."""
        prefix = f"{root}."
        below = [
            (weight, value)
            for value, weight in self._weights.items()
            if weight > 0 and isinstance(value, str) and value.startswith(prefix)
        ]
        ranked = sorted(below, key=lambda one: -one[0])
        if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
            return root
        return ranked[0][1]


def _root(value: Scalar) -> Scalar:
    return value.partition(".")[0] if isinstance(value, str) else value
