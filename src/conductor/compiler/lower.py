"""Documents to values: facts, signals and rules, with every name resolved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from conductor.compiler.problems import nearest
from conductor.compiler.source import FactDoc, FactsDoc, RoutingDoc, SignalDoc, TasksDoc
from conductor.compiler.text import Parsed
from conductor.compiler.when import Lowering, Path
from conductor.core.condition import ALL, NOT, Condition, Group, holds
from conductor.core.facts import BOOLEAN, ENUM, INTEGER, FactSpec, Scalar, read
from conductor.core.finding import Finding
from conductor.core.floors import Floor
from conductor.core.policy import TASK, Rule
from conductor.core.signals import Signal, normalise
from conductor.errors import UsageError

_ANY = 2**53  # beyond every bound
_BETWEEN = re.compile(r"[\s_'/-]+")  # what a phrase may hold between its words


class Facts:
    """Lowers facts and tasks; findings gather in `findings`."""

    def __init__(self, facts: tuple[Parsed, FactsDoc], tasks: tuple[Parsed, TasksDoc]) -> None:
        self.facts_file, self.facts_doc = facts
        self.tasks_file, self.tasks_doc = tasks
        self.findings: list[Finding] = []
        self.specs = {name: self._spec(name, doc) for name, doc in self.facts_doc.facts.items()}
        self.signals = tuple(self._signals())
        self._check_parents()
        self.impossible = () if self.findings else tuple(self._impossible())

    def descendants(self, fact: str, value: str) -> tuple[str, ...]:
        """Give the values that a comparison with `value` covers: a task covers its children."""
        return children(value, self.tasks_doc.tasks) if fact == TASK else (value,)

    def _spec(self, name: str, doc: FactDoc) -> FactSpec:
        path: Path = ("facts", name)
        values = tuple(self.tasks_doc.tasks) if doc.values_from else tuple(doc.values)
        if doc.type == ENUM and not values:
            self._find(self.facts_file, "missing-key", f"enum `{name}` has no values", path)
        low, high = doc.min, doc.max
        if doc.type == INTEGER and (low is None or high is None or low > high):
            message = f"integer `{name}` needs `min` and `max`, the smaller first"
            self._find(self.facts_file, "missing-key", message, path)
            low, high = -_ANY, _ANY  # so that nothing else is found for the same mistake
        spec = FactSpec(
            name,
            doc.type,
            doc.default,
            values=values if doc.type == ENUM else (),
            low=low or 0,
            high=high or 0,
            unit=doc.unit,
            evidence=doc.evidence or "",
            mask=doc.mask,
        )
        if name == TASK and doc.mask:
            message = "the task type cannot be masked: every decision names it"
            self._find(self.facts_file, "wrong-mask", message, (*path, "mask"), "remove `mask`")
        self._check_value(spec, doc.default, self.facts_file, (*path, "default"))
        return spec

    def _signals(self) -> Iterator[Signal]:
        for name, fact in self.facts_doc.facts.items():
            for index, signal in enumerate(fact.signals):
                path: Path = ("facts", name, "signals", index)
                yield self._signal(name, signal, signal.value, self.facts_file, path)
        for task, doc in self.tasks_doc.tasks.items():
            for index, signal in enumerate(doc.signals):
                path = ("tasks", task, "signals", index)
                if signal.value is not None or signal.count or signal.measure:
                    message = "the signal of a task is a list of phrases that speak for it"
                    self._find(self.tasks_file, "wrong-signal", message, path)
                yield self._signal(TASK, signal, task, self.tasks_file, path)

    def _signal(
        self, fact: str, doc: SignalDoc, value: Scalar | None, file: Parsed, path: Path
    ) -> Signal:
        spec = self.specs[fact]
        if sum((bool(doc.phrases), bool(doc.count), bool(doc.measure))) != 1:
            message = f"signal `{doc.id}` needs exactly one of `phrases`, `count` and `measure`"
            self._find(file, "wrong-signal", message, path)
        if (value is None) == bool(doc.phrases):
            message = f"signal `{doc.id}` needs a `value` exactly when it has `phrases`"
            self._find(file, "wrong-signal", message, path)
        elif value is not None:
            self._check_value(spec, value, file, (*path, "value"))
        elif spec.kind != INTEGER:
            self._find(file, "wrong-signal", f"`{fact}` is no number to be counted", path)
        return Signal(
            doc.id,
            fact,
            value=value,
            phrases=self._phrases(doc.phrases, file, (*path, "phrases")),
            count=self._phrases(doc.count, file, (*path, "count")),
            measure=doc.measure or "",
            unless=self._phrases(doc.unless, file, (*path, "unless")),
            weight=doc.weight,
            where=doc.where,
        )

    def _phrases(self, phrases: list[str], file: Parsed, path: Path) -> tuple[str, ...]:
        for index, phrase in enumerate(phrases):
            matched = normalise(phrase).strip()
            if matched != _BETWEEN.sub(" ", phrase.lower()).strip():
                message = f"`{phrase}` would match `{matched}`: phrases are words"
                self._find(file, "wrong-phrase", message, (*path, index))
        return tuple(dict.fromkeys(normalise(phrase).strip() for phrase in phrases))

    def _check_value(self, spec: FactSpec, value: Scalar, file: Parsed, path: Path) -> None:
        if type(value) is not {BOOLEAN: bool, INTEGER: int, ENUM: str}[spec.kind]:
            message = f"`{spec.name}` is of type {spec.kind}, not `{value}`"
            self._find(file, "wrong-value", message, path)
            return
        try:
            read({spec.name: spec}, spec.name, value)
        except UsageError as error:
            self._find(file, "wrong-value", error.message, path, error.hint)

    def _impossible(self) -> Iterator[Condition]:
        """Give what the invariants exclude: that the first part holds and the second does not."""
        lowering = Lowering(self.facts_file, self.specs, self.descendants)
        defaults = {name: spec.default for name, spec in self.specs.items()}
        for index, doc in enumerate(self.facts_doc.invariant):
            path: Path = ("invariant", index)
            when = lowering.table(doc.when, (*path, "when"))
            then = lowering.table(doc.then, (*path, "then"))
            excluded = Group(ALL, (when, Group(NOT, (then,))))
            if not lowering.findings and holds(excluded, defaults):
                message = "the defaults of all facts together break this invariant"
                lowering.find("impossible-defaults", message, path, "change a default, or drop it")
            yield excluded
        self.findings.extend(lowering.findings)

    def _check_parents(self) -> None:
        for task in self.tasks_doc.tasks:
            parent = task.rpartition(".")[0]
            if parent and parent not in self.tasks_doc.tasks:
                message = f"task type `{task}` has no parent `{parent}`"
                hint = nearest(parent, self.tasks_doc.tasks)
                self._find(self.tasks_file, "unknown-task", message, ("tasks", task), hint)

    def _find(
        self, file: Parsed, name: str, message: str, path: Path, hint: str = "correct the value"
    ) -> None:
        self.findings.append(Finding(name=name, message=message, at=file.at(*path), hint=hint))


def rules(
    facts: Facts, routing: tuple[Parsed, RoutingDoc]
) -> tuple[tuple[Rule, ...], list[Finding]]:
    """Lower the rules in the order of the file."""
    parsed, doc = routing
    lowering = Lowering(parsed, facts.specs, facts.descendants)
    lowered = []
    first: dict[str, int] = {}
    for index, rule in enumerate(doc.rule):
        path: Path = ("rule", index)
        when = lowering.table(rule.when, (*path, "when"))
        if first.setdefault(rule.id, index) != index:
            lowering.find("duplicate-rule", f"rule `{rule.id}` is there twice", (*path, "id"))
        if (rule.route == "ask") != (rule.ask is not None):
            lowering.find("wrong-ask", "`ask` names a fact exactly when the route is ask", path)
        if rule.ask is not None and rule.ask not in facts.specs:
            hint = nearest(rule.ask, facts.specs)
            lowering.find("unknown-fact", f"unknown fact `{rule.ask}`", (*path, "ask"), hint)
        lowered.append(
            Rule(
                rule.id,
                when,
                rule.route,
                reason=rule.reason or rule.id.replace("-", " "),
                ensemble=rule.ensemble or "",
                ask=rule.ask or "",
                on_failure=rule.on_failure,
            )
        )
    _check_overrides(lowering, doc)
    return tuple(lowered), lowering.findings


def floors(
    facts: Facts, routing: tuple[Parsed, RoutingDoc]
) -> tuple[tuple[Floor, ...], list[Finding]]:
    """Lower the floors in the order of the file."""
    parsed, doc = routing
    lowering = Lowering(parsed, facts.specs, facts.descendants)
    lowered = tuple(
        Floor(
            id=floor.id,
            when=lowering.table(floor.when, ("floor", index, "when")),
            allows=tuple(floor.allows),
        )
        for index, floor in enumerate(doc.floor)
    )
    return lowered, lowering.findings


def _check_overrides(lowering: Lowering, doc: RoutingDoc) -> None:
    known = {rule.id for rule in doc.rule}
    for index, rule in enumerate(doc.rule):
        for place, name in enumerate(rule.overrides):
            if name not in known:
                path: Path = ("rule", index, "overrides", place)
                lowering.find("unknown-rule", f"unknown rule `{name}`", path, nearest(name, known))


def children(task: str, tasks: Mapping[str, object]) -> tuple[str, ...]:
    """Give the task type and all below it, in the order they are declared."""
    return tuple(one for one in tasks if one == task or one.startswith(f"{task}."))


def ancestors(task: str) -> Iterator[str]:
    """Give the task type, its parent, and so on."""
    parts = task.split(".")
    for length in range(len(parts), 0, -1):
        yield ".".join(parts[:length])
