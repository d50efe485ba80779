"""Which phrase or weight would have typed labelled texts better, found on one half of them.

Every change is tried: the task types of all texts are voted on again. Whoever tries hundreds of
phrases finds one that looks good, so only the half that the search never saw decides whether it is
proposed. The halves are made by the digest of the words, so that they stay when texts come or go.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from conductor.core.matching import Found, Matcher
from conductor.core.policy import TASK, Policy
from conductor.core.scoring import Share, covers
from conductor.core.signals import Ballot
from conductor.core.text import Text
from conductor.core.thresholds import Limits
from conductor.core.words import BORDER, apart, normalise

_LONGEST = 3  # words of a phrase
_TRIED = 200  # phrases, those in most mis-typed texts first
_WEIGHTS = (3, 6)  # of a new signal
_LEARNED, _HELD = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A text with the task type that a person says it has, and others that are right as well."""

    text: str
    task: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """How many texts of one half are typed rightly only after a change, and only before it."""

    fixed: int
    broken: int

    @property
    def gain(self) -> int:
        return self.fixed - self.broken


@dataclass(frozen=True, slots=True, kw_only=True)
class Mined:
    """A change of the signals of `task`: a new `phrase`, or another weight of a `signal`.

    `precision` is the share of texts it speaks in that have the type, `recall` that of the type's
    texts it speaks in; both over all texts.
    """

    task: str
    weight: int
    phrase: str = ""
    signal: str = ""
    was: int = 0  # the weight before
    precision: Share
    recall: Share
    learned: Effect  # on the half that it was found on
    held: Effect  # on the other
    tried: int  # changes of its kind


def mine(policy: Policy, labels: Iterable[Label], limits: Limits) -> tuple[Mined, ...]:
    """Find at most one phrase per task type and one weight per signal; sorted by gain held."""
    bench = _Bench(policy, labels, limits)
    if len(bench.texts) < limits.judged:
        return ()
    found = [*bench.phrases(), *bench.weights()]
    return tuple(sorted(found, key=lambda one: (-one.held.gain, one.task, one.phrase, one.signal)))


class _Typed:
    """A labelled text, what the signals found in it, and whether its type came out right."""

    __slots__ = ("found", "half", "label", "right", "said", "words")

    def __init__(self, label: Label, found: Mapping[str, Found], said: str) -> None:
        self.label = label
        self.found = found
        self.words = normalise(label.text)
        self.half = hashlib.sha256(self.words.encode()).digest()[0] % 2
        self.said = said
        self.right = self.is_right(said)

    def is_right(self, task: str) -> bool:
        return any(covers(one, task) for one in (self.label.task, *self.label.also))


class _Bench:
    def __init__(self, policy: Policy, labels: Iterable[Label], limits: Limits) -> None:
        self.policy = policy
        self.limits = limits
        self.signals = [one for one in policy.signals.listed if one.fact == TASK and one.value]
        matcher = Matcher(policy.signals.listed)
        self.texts: list[_Typed] = []
        for label in labels:
            found = matcher.find(Text(label.text))
            self.texts.append(_Typed(label, found, self._type(found)))

    def phrases(self) -> Iterator[Mined]:
        """Try the phrases that mis-typed texts of a type have in common."""
        wrong = [one for one in self.texts if one.half == _LEARNED and not one.right]
        by_task = sorted(wrong, key=lambda one: one.label.task)
        for task, same in groupby(by_task, key=lambda one: one.label.task):
            if task in self.policy.facts[TASK].values and (best := self._best(task, [*same])):
                yield best

    def _best(self, task: str, wrong: Sequence[_Typed]) -> Mined | None:
        counted = Counter(phrase for one in wrong for phrase in _phrases(one.label.text))
        known = {phrase for one in self.signals if one.value == task for phrase in one.phrases}
        often = [
            (phrase, count)
            for phrase, count in counted.items()
            if count >= self.limits.occurrences and phrase not in known
        ]
        often.sort(key=lambda one: (-one[1], -len(one[0]), one[0]))
        tried = [
            self._phrase(task, phrase, weight, len(often[:_TRIED]))
            for phrase, _ in often[:_TRIED]
            for weight in _WEIGHTS
        ]
        return self._proposed(tried)

    def _phrase(self, task: str, phrase: str, weight: int, tried: int) -> Mined:
        spoken = [one for one in self.texts if f" {phrase} " in one.words]
        learned, held = self._effects(spoken, {}, (task, weight))
        precision, recall = self._shares(task, spoken)
        return Mined(
            task=task,
            phrase=phrase,
            weight=weight,
            tried=tried,
            learned=learned,
            held=held,
            precision=precision,
            recall=recall,
        )

    def weights(self) -> Iterator[Mined]:
        """Try to trust signals less, or not at all, that speak in mis-typed texts."""
        wrong = [one for one in self.texts if one.half == _LEARNED and not one.right]
        for signal in self.signals:
            task, spoken = str(signal.value), [one for one in self.texts if signal.id in one.found]
            misled = sum(signal.id in one.found and covers(task, one.said) for one in wrong)
            if signal.weight < 1 or misled < self.limits.occurrences:
                continue
            precision, recall = self._shares(task, spoken)
            less = sorted({0, signal.weight // 2, signal.weight - 1})
            tried = []
            for weight in less:
                learned, held = self._effects(spoken, {signal.id: weight}, None)
                mined = Mined(
                    task=task,
                    signal=signal.id,
                    was=signal.weight,
                    weight=weight,
                    tried=len(less),
                    learned=learned,
                    held=held,
                    precision=precision,
                    recall=recall,
                )
                tried.append(mined)
            if best := self._proposed(tried):
                yield best

    def _proposed(self, tried: Sequence[Mined]) -> Mined | None:
        """Take the best of what was tried on one half, if it holds on the other; the mildest."""
        enough = [
            one
            for one in tried
            if one.learned.gain >= self.limits.occurrences
            and (one.signal or one.precision.percent >= self.limits.acceptance_percent)
        ]
        best = max(
            enough, key=lambda one: (one.learned.gain, -abs(one.weight - one.was)), default=None
        )
        return best if best and best.held.gain > 0 else None

    def _effects(
        self, spoken: Sequence[_Typed], weights: Mapping[str, int], extra: tuple[str, int] | None
    ) -> tuple[Effect, Effect]:
        fixed, broken = Counter[int](), Counter[int]()
        for one in spoken:
            right = one.is_right(self._type(one.found, weights, extra))
            fixed[one.half] += right and not one.right
            broken[one.half] += one.right and not right
        learned, held = (
            Effect(fixed=fixed[half], broken=broken[half]) for half in (_LEARNED, _HELD)
        )
        return learned, held

    def _shares(self, task: str, spoken: Sequence[_Typed]) -> tuple[Share, Share]:
        hits = sum(covers(task, one.label.task) for one in spoken)
        all_ = sum(covers(task, one.label.task) for one in self.texts)
        return Share(hits=hits, of=len(spoken)), Share(hits=hits, of=all_)

    def _type(
        self,
        found: Mapping[str, Found],
        weights: Mapping[str, int] | None = None,
        extra: tuple[str, int] | None = None,
    ) -> str:
        """Vote on the task type again, with other weights and a signal more."""
        ballot, spoke = Ballot(), False
        for one in self.signals:
            if one.id in found and one.value is not None:
                times = found[one.id].times if one.count else 1
                weight = (weights or {}).get(one.id, one.weight)
                ballot.add(one.value, weight * times, one.id, "")
                spoke = True
        if extra:
            ballot.add(*extra, "mined", "")
            spoke = True
        elected = ballot.elect(self.policy.signals.confidence) if spoke else None
        return str(elected.value if elected else self.policy.facts[TASK].default)


def _phrases(text: str) -> set[str]:
    """Give every run of a few words of what is asked; none with a number, which is a detail."""
    before, _, after = apart(text)
    found = set()
    for sentence in f"{normalise(before)}{BORDER}{normalise(after)}".split(BORDER):
        words = sentence.split()
        for begin in range(len(words)):
            for end in range(begin + 1, min(begin + _LONGEST, len(words)) + 1):
                if all(word.isalpha() for word in words[begin:end]):
                    found.add(" ".join(words[begin:end]))
    return found
