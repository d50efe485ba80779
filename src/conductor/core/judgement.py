"""Reading a judgement: in the order in which one should think, and with all its mistakes at once.

A record is a mapping in the order it was written: `criteria` (each with evidence, reasoning and
answer, in this order), `reasoning`, `failure_mode` of a poor output, `verdict`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from conductor.core.evaluation import DEMO, HUMAN, is_judge
from conductor.core.quotes import Quote, Texts, locate
from conductor.core.rubric import Answer, Criterion, Rubric, Verdict, follows
from conductor.errors import UsageError

Path = tuple[str | int, ...]

LONGEST_REASONING = 10_000  # characters: what somebody writes to be read, and no document
_KEYS = ("run", "judge", "judge_tokens", "criteria", "reasoning", "failure_mode", "verdict")
_ANSWER_KEYS = ("evidence", "reasoning", "answer")
_SHAPE = f"{{evidence: [quotes], reasoning: why, answer: {'|'.join(Answer)}}}"
_WITHOUT_ANSWERS = (HUMAN, DEMO)  # a person may, and what only counts words has no answers
_NONE = ("", "none")  # how a record says that there is no failure mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """What is wrong with a record, and where in it."""

    path: Path
    message: str  # lower case, no full stop, the judge's own words in backticks
    hint: str

    def __str__(self) -> str:
        place = ".".join(str(part) for part in self.path)
        return f"{place}: {self.message}" if place else self.message


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a judge said about one criterion."""

    evidence: tuple[Quote, ...]
    reasoning: str
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A record without a mistake. INVARIANT: `verdict` is what the answers leave possible."""

    reasoning: str
    answers: Mapping[str, Answered]
    failure_mode: str
    verdict: Verdict


def read(
    rubric: Rubric,
    record: Mapping[str, object],
    *,
    judge: str = HUMAN,
    texts: Texts | None = None,
) -> Judgement | tuple[Mistake, ...]:
    """Read a judgement. Claude and local judges have to answer every criterion.

    Evidence is looked up in `texts` as far as they are there.
    """
    reading = _Reading(rubric, record, judge, texts or Texts())
    judgement = reading.judgement()
    return tuple(reading.mistakes) or judgement


def require(rubric: Rubric, record: Mapping[str, object]) -> Judgement:
    """Read a person's judgement; raises UsageError with what is wrong first."""
    found = read(rubric, record)
    if isinstance(found, Judgement):
        return found
    raise UsageError(found[0].message, hint=found[0].hint)


@dataclass(slots=True)
class _Reading:
    rubric: Rubric
    record: Mapping[str, object]
    judge: str
    texts: Texts
    mistakes: list[Mistake] = field(default_factory=list)

    def judgement(self) -> Judgement:
        self._judge()
        self._keys((), self.record, _KEYS)
        for earlier in ("criteria", "reasoning"):
            self._order((), self.record, earlier, "verdict")
        answers = dict(self._answers())
        reasoning = self._reasoning((), self.record, "say what in the output decides")
        verdict = self._verdict(answers)
        failure_mode = self._failure_mode(verdict)
        return Judgement(
            reasoning=reasoning,
            answers=answers,
            failure_mode=failure_mode,
            verdict=verdict or Verdict.POOR,  # without one there is a mistake as well
        )

    def _wrong(self, path: Path, message: str, hint: str) -> None:
        self.mistakes.append(Mistake(path=path, message=message, hint=hint))

    def _judge(self) -> None:
        if not is_judge(self.judge):
            self._wrong(("judge",), f"there is no judge `{self.judge}`", "human or claude")
        named = self.record.get("judge", self.judge)
        if named != self.judge:
            message = f"the record says `{named}` judged, not `{self.judge}`"
            self._wrong(("judge",), message, "let the two agree")
        tokens = self.record.get("judge_tokens", 0)
        if not isinstance(tokens, int) or isinstance(tokens, bool) or tokens < 0:
            self._wrong(("judge_tokens",), f"`{tokens}` is no number of tokens", "count them")

    def _keys(self, path: Path, table: Mapping[str, object], known: tuple[str, ...]) -> None:
        for key in table:
            if key not in (*known, "format"):
                hint = _nearest(key, known)
                self._wrong((*path, key), f"unknown key `{key}`", hint)

    def _order(self, path: Path, table: Mapping[str, object], first: str, last: str) -> None:
        order = list(table)
        if first in order and last in order and order.index(first) > order.index(last):
            what = first.replace("_", " ")
            message = f"the {last} stands before the {what}"
            self._wrong((*path, last), message, f"judge again: {what} comes first")

    def _answers(self) -> Iterator[tuple[str, Answered]]:
        given = self.record.get("criteria")
        known = {one.name: one for one in self.rubric.criteria}
        if given is None and (self.judge in _WITHOUT_ANSWERS or not known):
            return
        if not isinstance(given, Mapping):
            hint = f"write for each of {', '.join(known)}: {_SHAPE}"
            self._wrong(("criteria",), "the criteria are not answered", hint)
            return
        for name in given:
            if name not in known:
                message = f"rubric `{self.rubric.name}` has no criterion `{name}`"
                self._wrong(("criteria", name), message, _nearest(name, tuple(known)))
        for name, criterion in known.items():
            if name not in given:
                self._wrong(("criteria",), f"`{name}` is not answered", criterion.question)
            elif (answered := self._answered(criterion, given[name])) is not None:
                yield name, answered

    def _answered(self, criterion: Criterion, given: object) -> Answered | None:
        path: Path = ("criteria", criterion.name)
        if not isinstance(given, Mapping):
            keys = ", ".join(_ANSWER_KEYS)
            self._wrong(path, f"`{criterion.name}` is no mapping", f"write its {keys}")
            return None
        self._keys(path, given, _ANSWER_KEYS)
        for earlier in ("evidence", "reasoning"):
            self._order(path, given, earlier, "answer")
        reasoning = self._reasoning(path, given, "say how the evidence decides")
        answer = given.get("answer")
        if answer not in list(Answer):
            hint = f"one of: {', '.join(Answer)}"
            self._wrong((*path, "answer"), f"there is no answer `{answer or ''}`", hint)
            return None
        evidence = tuple(self._evidence((*path, "evidence"), given.get("evidence")))
        return Answered(evidence=evidence, reasoning=reasoning, answer=Answer(str(answer)))

    def _evidence(self, path: Path, given: object) -> Iterator[Quote]:
        quotes = [given] if isinstance(given, str) else given
        if quotes is not None and not isinstance(quotes, list):
            self._wrong(path, "the evidence is no list of quotes", "quote the output")
            return
        if not quotes and self.judge != HUMAN and self.texts.output != "":
            self._wrong(path, "there is no evidence", "quote the words that decide")
        for number, quote in enumerate(quotes or []):
            text = str(quote).strip()
            found = locate(text, self.texts)
            if found is not None:
                yield found
            elif self.texts.whole or not text:
                message = f"`{_short(text)}` stands neither in the output nor in the input"
                self._wrong((*path, number), message, "quote word by word")

    def _reasoning(self, path: Path, table: Mapping[str, object], hint: str) -> str:
        given = table.get("reasoning")
        reasoning = given.strip() if isinstance(given, str) else ""
        if not reasoning:
            self._wrong((*path, "reasoning"), "the reasoning is empty", hint)
        elif len(reasoning) > LONGEST_REASONING:
            message = f"the reasoning has {len(reasoning):,} characters"
            self._wrong((*path, "reasoning"), message, f"write {LONGEST_REASONING:,} at the most")
        return reasoning

    def _verdict(self, answers: Mapping[str, Answered]) -> Verdict | None:
        given = self.record.get("verdict")
        if given is not None and given not in list(Verdict):
            hint = f"one of: {', '.join(Verdict)}"
            self._wrong(("verdict",), f"there is no verdict `{given}`", hint)
            return None
        if not self.rubric.criteria or len(answers) < len(self.rubric.criteria):
            if given is None and not self.mistakes:
                self._wrong(("verdict",), "there is no verdict", f"one of: {', '.join(Verdict)}")
            return Verdict(str(given)) if given else None
        derived = follows(self.rubric, {name: one.answer for name, one in answers.items()})
        if given is not None and given != derived:
            message = f"the verdict is `{given}`, but the answers leave `{derived}`"
            self._wrong(("verdict",), message, "change the answer that is wrong, or the verdict")
        return derived

    def _failure_mode(self, verdict: Verdict | None) -> str:
        given = self.record.get("failure_mode")
        mode = "" if given is None or given in _NONE else str(given)
        known = tuple(name for name, _ in self.rubric.failure_modes)
        path: Path = ("failure_mode",)
        if mode and mode not in known:
            message = f"rubric `{self.rubric.name}` has no failure mode `{mode}`"
            self._wrong(path, message, _nearest(mode, known))
        elif verdict is Verdict.POOR and not mode:
            hint = f"one of: {', '.join(known)}"
            self._wrong(path, "a poor output needs a failure mode", hint)
        elif verdict is not None and verdict is not Verdict.POOR and mode:
            message = f"a verdict `{verdict}` has no failure mode"
            self._wrong(path, message, "leave it out, or judge `poor`")
        return mode


def _nearest(word: object, known: tuple[str, ...]) -> str:
    close = get_close_matches(str(word), known, n=1, cutoff=0.5)
    return f"did you mean `{close[0]}`?" if close else f"one of: {', '.join(known)}"


_SHOWN = 60  # characters of a quote that a message repeats


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
