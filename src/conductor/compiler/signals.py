"""Signals of facts and task types: documents to values, with every mistake at its place."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from re import compile as compiled

from conductor.compiler.patterns import Slow, checked
from conductor.compiler.problems import Word
from conductor.compiler.source import FactsDoc, TasksDoc
from conductor.compiler.source_signals import SignalDoc
from conductor.compiler.text import Parsed
from conductor.core.facts import BOOLEAN, ENUM, INTEGER, FactSpec, Scalar, read
from conductor.core.finding import Finding
from conductor.core.policy import TASK
from conductor.core.signal import Amount, Pattern, Signal
from conductor.core.words import normalise
from conductor.errors import UsageError

Path = tuple[str | int, ...]

_BETWEEN = compiled(r"[\s_'/-]+")  # what a phrase may hold between its words
_TYPES = {BOOLEAN: bool, INTEGER: int, ENUM: str}


class SignalLowering:
    """Lowers the signals of both files in their order; findings gather in `findings`."""

    def __init__(self, specs: Mapping[str, FactSpec]) -> None:
        self.specs = specs
        self.findings: list[Finding] = []
        self._seen: set[str] = set()
        self._without: Container[str] = ()

    def all(
        self,
        facts: tuple[Parsed, FactsDoc],
        tasks: tuple[Parsed, TasksDoc],
        *,
        without: Container[str] = (),
    ) -> tuple[Signal, ...]:
        """Lower all signals; of the facts in `without`, nobody knows yet what fits them."""
        self._without = without
        return (*self._of_facts(*facts), *self._of_tasks(*tasks))

    def check_value(self, spec: FactSpec, value: Scalar, file: Parsed, path: Path) -> None:
        """Find a value that the fact cannot have."""
        if type(value) is not _TYPES[spec.kind]:
            message = f"`{spec.name}` is of type {spec.kind}, not `{value}`"
            self.find(file, "wrong-value", message, path)
            return
        if spec.kind == ENUM and value not in spec.values:
            message = f"fact `{spec.name}` has no value `{value}`"
            self.findings.append(Word(file, path).not_among(spec.values, "wrong-value", message))
            return
        try:
            read({spec.name: spec}, spec.name, value)
        except UsageError as error:
            self.find(file, "wrong-value", error.message, path, error.hint)

    def find(
        self, file: Parsed, name: str, message: str, path: Path, hint: str = "correct the value"
    ) -> None:
        self.findings.append(Finding(name=name, message=message, at=file.at(*path), hint=hint))

    def _of_facts(self, file: Parsed, doc: FactsDoc) -> Iterator[Signal]:
        for name, fact in doc.facts.items():
            for index, signal in enumerate(fact.signals):
                path: Path = ("facts", name, "signals", index)
                yield self._signal(name, signal, signal.value, file, path)

    def _of_tasks(self, file: Parsed, doc: TasksDoc) -> Iterator[Signal]:
        for task, one in doc.tasks.items():
            for index, signal in enumerate(one.signals):
                path: Path = ("tasks", task, "signals", index)
                if signal.value is not None or signal.measure:
                    message = "the signal of a task speaks for that task: no `value`, no `measure`"
                    self.find(file, "wrong-signal", message, path, "remove it")
                yield self._signal(TASK, signal, task, file, path)

    def _signal(
        self, fact: str, doc: SignalDoc, value: Scalar | None, file: Parsed, path: Path
    ) -> Signal:
        spec = self.specs[fact]
        if fact not in self._without:
            self._check_kind(doc, value, spec, file, path)
        signal = Signal(
            doc.id,
            fact,
            value=value,
            phrases=self._phrases(doc.phrases, file, (*path, "phrases")),
            order=tuple(
                self._phrases(group, file, (*path, "order", index))
                for index, group in enumerate(doc.order)
            ),
            patterns=tuple(self._patterns(doc.patterns, file, (*path, "patterns"))),
            shapes=tuple(doc.shapes),
            amounts=tuple(self._amounts(doc, file, path)),
            with_=self._earlier(doc.with_, file, (*path, "with")),
            least=doc.least or 0,
            without=self._earlier(doc.without, file, (*path, "without")),
            count=self._phrases(doc.count, file, (*path, "count")),
            measure=doc.measure or "",
            unless=self._phrases(doc.unless, file, (*path, "unless")),
            weight=doc.weight,
            where=doc.where,
        )
        if doc.id in self._seen:
            message, hint = f"signal `{doc.id}` is there twice", "rename or remove one of the two"
            self.find(file, "duplicate-signal", message, (*path, "id"), hint)
        self._seen.add(doc.id)
        return signal

    def _check_kind(
        self, doc: SignalDoc, value: Scalar | None, spec: FactSpec, file: Parsed, path: Path
    ) -> None:
        looks = (doc.phrases, doc.order, doc.patterns, doc.shapes, doc.amounts, doc.with_)
        kinds = (bool(doc.count), bool(doc.measure), any(map(bool, looks)))
        if (doc.measure and sum(kinds) > 1) or (doc.count and doc.phrases) or not any(kinds):
            message = (
                f"signal `{doc.id}` needs something to look for, or `count`, or `measure`; only one"
            )
            self.find(file, "wrong-signal", message, path, "add `phrases`, or keep one of them")
        elif doc.least and doc.least > len(doc.with_ or doc.phrases):
            message = f"signal `{doc.id}` wants {doc.least} of {len(doc.with_ or doc.phrases)}"
            self.find(file, "wrong-signal", message, (*path, "least"), "lower it, or name more")
        elif value is not None and doc.measure:
            message = f"signal `{doc.id}` measures its `value`"
            self.find(file, "wrong-signal", message, path, "remove `value` or `measure`")
        elif value is not None:
            self.check_value(spec, value, file, (*path, "value"))
        elif (doc.count or doc.measure) and spec.kind != INTEGER:
            message, hint = f"`{spec.name}` is no number to be counted", "give the signal a `value`"
            self.find(file, "wrong-signal", message, path, hint)

    def _phrases(self, phrases: list[str], file: Parsed, path: Path) -> tuple[str, ...]:
        for index, phrase in enumerate(phrases):
            matched = normalise(phrase).strip()
            if not matched or matched != _BETWEEN.sub(" ", phrase.lower()).strip():
                message = f"`{phrase}` would match `{matched}`: phrases are words"
                hint = "write words and spaces only"
                self.find(file, "wrong-phrase", message, (*path, index), hint)
        return tuple(dict.fromkeys(normalise(phrase).strip() for phrase in phrases))

    def _patterns(self, patterns: list[str], file: Parsed, path: Path) -> Iterator[Pattern]:
        for index, pattern in enumerate(patterns):
            try:
                yield checked(pattern)
            except Slow as problem:
                hint = "write phrases, or a pattern whose time is bounded: see docs/triage.md"
                self.find(file, "slow-pattern", str(problem), (*path, index), hint)

    def _amounts(self, doc: SignalDoc, file: Parsed, path: Path) -> Iterator[Amount]:
        for name, bounds in doc.amounts.items():
            if bounds.ge is None and bounds.le is None:
                message = f"`{name}` has no bound"
                self.find(file, "missing-key", message, (*path, "amounts", name), "add `ge`")
            yield name, bounds.ge or 0, bounds.le

    def _earlier(self, ids: list[str], file: Parsed, path: Path) -> tuple[str, ...]:
        for index, one in enumerate(ids):
            if one not in self._seen:
                found = Word(file, (*path, index)).not_among(
                    self._seen,
                    "unknown-signal",
                    f"no signal above is called `{one}`",
                    otherwise="declare it above",
                )
                self.findings.append(found)
        return tuple(ids)
