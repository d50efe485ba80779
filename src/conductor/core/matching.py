"""Which signals a text fires, and by which words.

Phrases are found through an index of their last words, cues when a signal asks for them, and a
pattern is compiled only when a text holds one of the words that it cannot do without: most of a
policy costs a text nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from conductor.core.signal import (
    ANYWHERE,
    ENDING,
    EVERYWHERE,
    INSTRUCTION,
    OPENING,
    START,
    Signal,
)
from conductor.core.text import Text

_SHOWN = 60  # characters of a match
_NAMED = 5  # of several phrases
_BEFORE = (INSTRUCTION, START, OPENING)  # what looks there is not kept from firing by material
_SAID = (INSTRUCTION, START)  # what looks there measures there as well
_BRIEF = 1_500  # characters


class Found:
    """What a signal found: the words that stand for it, and how often."""

    __slots__ = ("times", "words")

    def __init__(self, words: str = "", times: int = 1) -> None:
        self.words = words
        self.times = times


class Matcher:
    """The signals of a policy, ready for any number of texts."""

    def __init__(self, signals: Sequence[Signal]) -> None:
        self.signals = {signal.id: (signal, _needed(signal)) for signal in signals}
        self._speaking = [one.id for one in signals if one.value is not None or one.count]
        self._phrases: set[str] = set()
        for one in signals:
            self._phrases.update(one.phrases, one.unless, one.count, *one.order)
        self._longer = [phrase for phrase in self._phrases if " " in phrase]
        self._index: dict[str, list[tuple[str, str]]] = {}

    def find(self, text: Text) -> dict[str, Found]:
        """Give what each signal that fires and says something has found, by its id."""
        words = text.everywhere
        present = self._present(text.words, text.vocabulary)
        everywhere = present
        if words is not text.words:
            everywhere = self._present(words, frozenset(words.split()))
        reading = _Reading(self, text, present, everywhere)
        return {name: one for name in self._speaking if (one := reading.found(name))}

    def _present(self, words: str, vocabulary: frozenset[str]) -> frozenset[str]:
        """Give every phrase of the policy that stands in the words of a text."""
        if not self._index and len(words) < _BRIEF:  # one look costs less than an index
            maybe = [phrase for phrase in self._longer if phrase in words]
            longer = [phrase for phrase in maybe if f" {phrase} " in words]
            return vocabulary & self._phrases | frozenset(longer)
        longer = [
            phrase
            for word in vocabulary & self._indexed().keys()
            for first, phrase in self._index[word]
            if first in vocabulary and f" {phrase} " in words
        ]
        return vocabulary & self._phrases | frozenset(longer)

    def _indexed(self) -> dict[str, list[tuple[str, str]]]:
        """Give the phrases of several words by their last word, each with its first."""
        if not self._index:
            for phrase in self._longer:
                first, last = phrase.partition(" ")[0], phrase.rpartition(" ")[2]
                self._index.setdefault(last, []).append((first, phrase))
        return self._index


class _Reading:
    """One text before the signals; a cue is looked for when a signal first asks for it."""

    __slots__ = ("_found", "_signals", "everywhere", "present", "text")

    def __init__(
        self, matcher: Matcher, text: Text, present: frozenset[str], everywhere: frozenset[str]
    ) -> None:
        self._signals = matcher.signals
        self._found: dict[str, Found | None] = {}
        self.text = text
        self.present = present
        self.everywhere = everywhere  # with the words of files

    def found(self, name: str) -> Found | None:
        if name not in self._found:
            signal, needed = self._signals[name]
            there = self.everywhere if signal.where == EVERYWHERE else self.present
            self._found[name] = None
            for group in needed:
                if there.isdisjoint(group):
                    return None
            if not self._unless(signal, there):
                self._found[name] = self._find(signal, there)
        return self._found[name]

    def _unless(self, signal: Signal, present: frozenset[str]) -> bool:
        """Tell whether one of the phrases is there that keep it from firing."""
        there = present.intersection(signal.unless)
        if there and signal.where in _BEFORE and self.text.amount("pasted"):
            said = self.text.instruction()
            return any(f" {phrase} " in said for phrase in there)
        return bool(there)

    def _find(self, signal: Signal, present: frozenset[str]) -> Found | None:
        """Look for all that the signal names, the cheap things first."""
        text = self.text
        if not all(_within(signal, text, *amount) for amount in signal.amounts):
            return None
        parts = []
        for look, wanted in _LOOKS:
            if getattr(signal, wanted):
                words = look(signal, text, present)
                if not words:
                    return None
                parts.append(words)
        if any(self.found(one) for one in signal.without):
            return None
        relied = [one.words for name in signal.with_ if (one := self.found(name))]
        if len(relied) < min(signal.least or len(signal.with_), len(signal.with_)):
            return None
        if signal.count:
            return _count(signal, text, present)
        shown = " … ".join(parts or relied)
        return Found(shown or " ".join(f"[{one[0]}]" for one in signal.amounts))


def _needed(signal: Signal) -> list[tuple[str, ...]]:
    """Give the groups of phrases of which a text must hold one each."""
    return [group for group in (signal.phrases, signal.count, *signal.order) if group]


def _phrase(signal: Signal, text: Text, present: frozenset[str]) -> str | None:
    if signal.where == START:
        return next((one for one in signal.phrases if text.words.startswith(f" {one} ")), None)
    here = [phrase for phrase in signal.phrases if phrase in present]
    if here and signal.where not in (ANYWHERE, EVERYWHERE):
        part = _part(text, signal.where)
        here = [phrase for phrase in here if f" {phrase} " in part]
    if signal.least and not signal.with_:
        return ", ".join(here[:_NAMED]) if len(here) >= signal.least else None
    return here[0] if here else None


def _part(text: Text, where: str) -> str:
    if where == EVERYWHERE:
        return text.everywhere
    if where == OPENING:
        return text.opening
    if where == ENDING:
        return text.ending
    return text.instruction() if where == INSTRUCTION else text.words


def _count(signal: Signal, text: Text, present: frozenset[str]) -> Found | None:
    words = _part(text, signal.where)
    counted = {phrase: words.count(f" {phrase} ") for phrase in signal.count if phrase in present}
    times = sum(counted.values())
    if not times:
        return None
    return Found(", ".join(sorted(counted, key=lambda one: -counted[one])[:_NAMED]), times)


def _within(signal: Signal, text: Text, name: str, low: int, high: int | None) -> bool:
    amount = text.amount_said(name) if signal.where in _SAID else text.amount(name)
    return low <= amount and (high is None or amount <= high)


def _order(signal: Signal, text: Text, present: frozenset[str]) -> str | None:
    """Find one phrase of each group behind the other: the earliest of each, so never back."""
    groups = [present.intersection(group) for group in signal.order]
    for sentence in text.sentences(instruction=signal.where == INSTRUCTION):
        at, words = 0, []
        for group in groups:
            ends = [
                (start + len(phrase) + 1, phrase)
                for phrase in group
                if (start := sentence.find(f" {phrase} ", at)) >= 0
            ]
            if not ends:
                break
            at, phrase = min(ends)
            words.append(phrase)
        else:
            return " … ".join(words)
    return None


def _shape(signal: Signal, text: Text, _: frozenset[str]) -> str | None:
    return next((f"[{shape}]" for shape in signal.shapes if text.has(shape)), None)


def _pattern(signal: Signal, text: Text, _: frozenset[str]) -> str | None:
    for pattern, needed in signal.patterns:
        if any(one in text.lower for one in needed):
            match = re.search(pattern, text.lower, re.MULTILINE)
            if match:
                shown = " ".join(match[0].split())[:_SHOWN]
                return "".join(filter(str.isprintable, shown)) or "[pattern]"
    return None


# The cheap things first: what is found, and where the signal names what it wants.
_LOOKS: Sequence[tuple[Callable[[Signal, Text, frozenset[str]], str | None], str]] = (
    (_phrase, "phrases"),
    (_order, "order"),
    (_shape, "shapes"),
    (_pattern, "patterns"),
)
