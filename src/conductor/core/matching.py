"""Which signals a text fires, and by which words.

Phrases are found through an index of their last words, and a pattern is compiled only when a
text holds one of the words that it cannot do without: most of a policy costs a text nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from conductor.core.signal import ENDING, OPENING, START, Signal
from conductor.core.text import Text

_SHOWN = 60  # characters of a match


class Found:
    """What a signal found: the words that stand for it, and how often."""

    __slots__ = ("times", "words")

    def __init__(self, words: str = "", times: int = 1) -> None:
        self.words = words
        self.times = times


class Matcher:
    """The signals of a policy, ready for any number of texts."""

    def __init__(self, signals: Sequence[Signal]) -> None:
        self.signals = signals
        self._phrases: dict[str, list[str]] = {}  # by their last word
        for phrase in {phrase for signal in signals for phrase in _phrases(signal)}:
            self._phrases.setdefault(phrase.rpartition(" ")[2], []).append(phrase)

    def find(self, text: Text) -> dict[str, Found]:
        """Give what each signal that fires has found, by its id."""
        present = self._present(text)
        found: dict[str, Found] = {}
        for signal in self.signals:
            if not signal.measure and (one := _find(signal, text, present, found)):
                found[signal.id] = one
        return found

    def _present(self, text: Text) -> frozenset[str]:
        """Give every phrase of the policy that stands in the text."""
        words = text.words
        return frozenset(
            phrase
            for word in text.vocabulary & self._phrases.keys()
            for phrase in self._phrases[word]
            if phrase == word or f" {phrase} " in words
        )


def _find(
    signal: Signal, text: Text, present: frozenset[str], found: dict[str, Found]
) -> Found | None:
    """Look for all that the signal names, the cheap things first."""
    if not _may_fire(signal, present, found):
        return None
    if not all(_within(text, *amount) for amount in signal.amounts):
        return None
    parts = []
    for look, wanted in _LOOKS:
        if getattr(signal, wanted):
            words = look(signal, text, present)
            if not words:
                return None
            parts.append(words)
    if signal.count:
        return _count(signal, text, present)
    relied = [found[one].words for one in signal.with_]
    return Found(" … ".join(parts or relied) or " ".join(f"[{one[0]}]" for one in signal.amounts))


def _may_fire(signal: Signal, present: frozenset[str], found: dict[str, Found]) -> bool:
    """Tell whether what is known already lets the signal fire."""
    kept = not present.isdisjoint(signal.unless) or not found.keys().isdisjoint(signal.without)
    if kept or not all(one in found for one in signal.with_):
        return False
    wanted = (signal.phrases, signal.count, *signal.order)
    return not any(group and present.isdisjoint(group) for group in wanted)


def _phrase(signal: Signal, text: Text, present: frozenset[str]) -> str | None:
    part = {OPENING: text.opening, ENDING: text.ending}.get(signal.where)
    if signal.where == START:
        return next((one for one in signal.phrases if text.words.startswith(f" {one} ")), None)
    for phrase in signal.phrases:
        if phrase in present and (part is None or f" {phrase} " in part):
            return phrase
    return None


def _count(signal: Signal, text: Text, present: frozenset[str]) -> Found:
    counted = {
        phrase: text.words.count(f" {phrase} ") for phrase in signal.count if phrase in present
    }
    times = sum(counted.values())
    return Found(", ".join(sorted(counted, key=lambda one: -counted[one])[:5]), times)


def _within(text: Text, name: str, low: int, high: int | None) -> bool:
    amount = text.amount(name)
    return low <= amount and (high is None or amount <= high)


def _order(signal: Signal, text: Text, present: frozenset[str]) -> str | None:
    """Find one phrase of each group behind the other: the earliest of each, so never back."""
    groups = [present.intersection(group) for group in signal.order]
    for sentence in text.sentences():
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


def _phrases(signal: Signal) -> Iterator[str]:
    yield from (*signal.phrases, *signal.unless, *signal.count)
    for group in signal.order:
        yield from group


# The cheap things first: what is found, and where the signal names what it wants.
_LOOKS: Sequence[tuple[Callable[[Signal, Text, frozenset[str]], str | None], str]] = (
    (_phrase, "phrases"),
    (_order, "order"),
    (_shape, "shapes"),
    (_pattern, "patterns"),
)
