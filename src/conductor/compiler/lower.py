"""Documents to values: facts, signals and rules, with every name resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conductor.compiler.problems import Word, nearest
from conductor.compiler.signals import SignalLowering
from conductor.compiler.source import FactDoc, FactsDoc, RoutingDoc, TasksDoc
from conductor.compiler.stacked import Stacked
from conductor.compiler.text import Parsed
from conductor.compiler.weights import Weighing
from conductor.compiler.when import Lowering, Path
from conductor.core import footprint
from conductor.core.condition import ALL, NOT, Condition, Group, holds
from conductor.core.delegation import Delegation
from conductor.core.facts import ENUM, INTEGER, FactSpec
from conductor.core.finding import Finding
from conductor.core.policy import TASK, Rule
from conductor.core.signals import Signals


class Facts:
    """Lowers facts and tasks; findings gather in `findings`."""

    def __init__(self, facts: tuple[Parsed, FactsDoc], tasks: tuple[Parsed, TasksDoc]) -> None:
        self.facts_file, self.facts_doc = facts
        self.tasks_file, self.tasks_doc = tasks
        self.specs: dict[str, FactSpec] = {}
        self._lowering = SignalLowering(self.specs)
        self.signals, self.impossible = Signals(), tuple[Condition, ...]()
        if self._lacks_task():  # which everything else relies on
            return
        wrong: set[str] = set()  # facts whose declaration has a mistake: their signals follow it
        for name, doc in self.facts_doc.facts.items():
            before = len(self.findings)
            self.specs[name] = self._spec(name, doc)
            if len(self.findings) > before:
                wrong.add(name)
        signals = self._lowering.all(facts, tasks, without=wrong)
        self.signals = Signals(signals, tuple(self.tasks_doc.confidence.percent))
        self._check_confidences()
        self._check_parents()
        self.impossible = () if self.findings else tuple(self._impossible())

    @property
    def findings(self) -> list[Finding]:
        return self._lowering.findings

    def descendants(self, fact: str, value: str) -> tuple[str, ...]:
        """Give the values that a comparison with `value` covers: a task covers its children."""
        return children(value, self.tasks_doc.tasks) if fact == TASK else (value,)

    def _spec(self, name: str, doc: FactDoc) -> FactSpec:
        path: Path = ("facts", name)
        before = len(self.findings)
        values = self._values(name, doc)
        low, high = self._bounds(name, doc)
        spec = FactSpec(
            name,
            doc.type,
            doc.default,
            values=values if doc.type == ENUM else (),
            low=low,
            high=high,
            unit=doc.unit,
            evidence=doc.evidence or "",
            confidence_of=doc.confidence_of or "",
            mask=doc.mask,
            cost=doc.cost,
        )
        if name == TASK and doc.mask:
            message = "the task type cannot be masked: every decision names it"
            self._find(self.facts_file, "wrong-mask", message, (*path, "mask"), "remove `mask`")
        if len(self.findings) == before:
            self._lowering.check_value(spec, doc.default, self.facts_file, (*path, "default"))
        if doc.weights and len(self.findings) == before:
            weighing = Weighing(self.facts_file, spec, (*path, "weights"), self.descendants)
            spec.weights = weighing.lowered(doc.weights)
            self.findings.extend(weighing.findings)
        return spec

    def _lacks_task(self) -> bool:
        doc = self.facts_doc.facts.get(TASK)
        if doc is not None and doc.type == ENUM:
            values = tuple(self.tasks_doc.tasks)
            if doc.values_from or tuple(doc.values) in ((), values):
                return False
        path: Path = ("facts",) if doc is None else ("facts", TASK)
        message = f"the fact `{TASK}` must have the task types as its values"
        hint = f'declare `[facts.{TASK}]` with `type = "enum"` and `values_from = "tasks"`'
        self._find(self.facts_file, "missing-fact", message, path, hint)
        return True

    def _values(self, name: str, doc: FactDoc) -> tuple[str, ...]:
        values = tuple(self.tasks_doc.tasks) if doc.values_from else tuple(doc.values)
        if doc.type == ENUM and not values:
            path: Path = ("facts", name)
            hint = "add `values = […]`"
            self._find(self.facts_file, "missing-key", f"enum `{name}` has no values", path, hint)
        return values

    def _bounds(self, name: str, doc: FactDoc) -> tuple[int, int]:
        low, high = doc.min, doc.max
        if doc.type != INTEGER:
            return 0, 0
        if low is not None and high is not None and low <= high:
            return low, high
        wanted = [key for key, one in (("min", low), ("max", high)) if one is None]
        path: Path = ("facts", name) if wanted else ("facts", name, "max")
        message = f"integer `{name}` needs `min` and `max`, the smaller first"
        hint = f"add `{'` and `'.join(wanted)}`" if wanted else "exchange the two"
        self._find(self.facts_file, "missing-key", message, path, hint)
        return 0, 0

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
                others = [one for one in self.tasks_doc.tasks if one != task]
                hint = nearest(parent, others, otherwise=f'declare `[tasks."{parent}"]` as well')
                self._find(self.tasks_file, "unknown-task", message, ("tasks", task), hint)

    def _check_confidences(self) -> None:
        for name, doc in self.facts_doc.facts.items():
            if doc.confidence_of is None:
                continue
            path: Path = ("facts", name, "confidence_of")
            if doc.confidence_of not in self.specs:
                message = f"unknown fact `{doc.confidence_of}`"
                known = [one for one in self.specs if one != name]
                self.findings.append(
                    Word(self.facts_file, path).not_among(known, "unknown-fact", message)
                )
            elif doc.type != INTEGER:
                message = f"`{name}` is no number of percent"
                hint = 'declare it with `type = "integer"`, `min = 0` and `max = 100`'
                self._find(self.facts_file, "wrong-type", message, path, hint)

    def _find(
        self, file: Parsed, name: str, message: str, path: Path, hint: str = "correct the value"
    ) -> None:
        self._lowering.find(file, name, message, path, hint)


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
            message, hint = f"rule `{rule.id}` is there twice", "rename or remove one of the two"
            other = isinstance(parsed, Stacked) and index >= parsed.own > first[rule.id]
            at = first[rule.id] if other else index  # what stands above cannot be changed here
            if other:
                message, hint = f"a layer above has a rule `{rule.id}` as well", "rename this one"
            lowering.find("duplicate-rule", message, ("rule", at, "id"), hint)
        if (rule.route == "ask") != (rule.ask is not None):
            message = "`ask` names a fact exactly when the route is ask"
            hint = "remove `ask`" if rule.ask else "add `ask` with the fact to find out"
            lowering.find("wrong-ask", message, (*path, "ask" if rule.ask else "route"), hint)
        if rule.ask is not None and rule.ask not in facts.specs:
            message, where = f"unknown fact `{rule.ask}`", (*path, "ask")
            lowering.findings.append(
                Word(parsed, where).not_among(facts.specs, "unknown-fact", message)
            )
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


def delegation(doc: RoutingDoc) -> Delegation:
    """Put what the policy says about delegating beside what the calls cost."""
    uses, said = doc.composition.uses, doc.delegation
    return Delegation(
        weight=doc.composition.cost.written_weight,
        read=footprint.READ,
        written=footprint.WRITTEN,
        measured_uses=said.measured_uses,
        unmeasured=said.unmeasured,
        outputs={task: one.written for task, one in uses.items()},
        within_input=tuple(said.within_input),
        repetitions=doc.planning.repetitions,
    )


def _check_overrides(lowering: Lowering, doc: RoutingDoc) -> None:
    known = {rule.id for rule in doc.rule}
    for index, rule in enumerate(doc.rule):
        for place, name in enumerate(rule.overrides):
            if name not in known:
                path: Path = ("rule", index, "overrides", place)
                message, others = f"unknown rule `{name}`", known - {rule.id, *rule.overrides}
                lowering.findings.append(
                    Word(lowering.parsed, path).not_among(others, "unknown-rule", message)
                )


def children(task: str, tasks: Mapping[str, object]) -> tuple[str, ...]:
    """Give the task type and all below it, in the order they are declared."""
    return tuple(one for one in tasks if one == task or one.startswith(f"{task}."))
