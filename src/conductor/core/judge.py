"""Many decisions at once: the rules as one function, made when it is needed and never kept.

It checks every fact and gives what `decide` gives without a text: which rule, and which outcome.
`decide` alone says why, from which facts and with which ensemble.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from conductor.core.condition import ALL, ANY, Atom, Condition, Group, holds
from conductor.core.decide import decide
from conductor.core.facts import BOOLEAN, ENUM, FactSpec, Scalar, read
from conductor.core.policy import CLAUDE, COMPOSE, LOCAL, TASK, Policy, Rule

Verdict = tuple[str, str]  # rule (empty: the default) and outcome
Judge = Callable[[Mapping[str, object]], Verdict]

_SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_SAME = {"eq": True, "ne": False}
_WORDS = {"in": "in", "not_in": "not in"}


def judge(policy: Policy) -> Judge:
    """Make the function; it raises UsageError for a fact that is not declared so."""
    source = _Source(policy)
    # The text is made of our own bundle: literals by `repr`, and names that we number.
    exec("\n".join(source.lines()), source.names)  # noqa: S102
    made: Judge = source.names["judge"]  # type: ignore[assignment]  # as the text defines it
    return made


def outcome(policy: Policy, values: Mapping[str, Scalar], *, start: int = 0) -> str:
    """Give what `decide` gives for a task with all its facts, which no rule before `start` takes.

    For a policy that decides few tasks, this is quicker than making its function.
    """
    for rule in policy.rules[start:]:
        if holds(rule.when, values):
            if rule.outcome != LOCAL or rule.ensemble or TASK not in values:
                return rule.outcome
            return served(policy, str(values[TASK]))
    return CLAUDE


def served(policy: Policy, task: str) -> str:
    """Say what a `local` rule without an ensemble of its own comes to."""
    if policy.candidates.get(task):
        return LOCAL
    return COMPOSE if policy.templates.get(task) else CLAUDE


def _slow(policy: Policy, facts: Mapping[str, object]) -> Verdict:
    """Decide what the quick way does not understand: facts as text, and those that are wrong."""
    known = {name: read(policy.facts, name, value) for name, value in facts.items()}
    decision = decide(policy, given=known)
    return decision.rule, decision.outcome


class _Source:
    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.variables = {name: f"f{at}" for at, name in enumerate(policy.facts)}
        defaults = {name: spec.default for name, spec in policy.facts.items()}
        self.names: dict[str, object] = {
            "defaults": defaults,
            "otherwise": partial(_slow, policy),
        }

    def lines(self) -> Iterator[str]:
        count = len(self.variables)
        yield "def judge(facts):"
        yield f"    if len(facts) != {count}:"
        yield "        if not facts.keys() <= defaults.keys():"
        yield "            return otherwise(facts)"
        yield "        facts = {**defaults, **facts}"
        yield "    try:"
        for name, variable in self.variables.items():
            yield f"        {variable} = facts[{name!r}]"
        for name, variable in self.variables.items():
            yield f"        if {self._wrong(variable, self.policy.facts[name])}:"
            yield "            return otherwise(facts)"
        # A fact that is not there, or a value that no set can hold.
        yield "    except (KeyError, TypeError):"
        yield "        return otherwise(facts)"
        for rule in self.policy.rules:
            yield f"    if {self._condition(rule.when)}:"
            yield f"        return {self._verdict(rule)}"
        yield f"    return {('', CLAUDE)!r}"

    def _wrong(self, variable: str, spec: FactSpec) -> str:
        if spec.kind == BOOLEAN:
            return f"{variable} is not True and {variable} is not False"
        if spec.kind == ENUM:
            values = self._constant(spec.values)
            return f"{variable} not in {values}"
        within = f"{spec.low} <= {variable} <= {spec.high}"
        return f"{variable}.__class__ is not int or not {within}"

    def _condition(self, condition: Condition) -> str:
        if isinstance(condition, Atom):
            variable, constant = self.variables[condition.fact], condition.constant
            if isinstance(constant, tuple):
                return f"{variable} {_WORDS[condition.operator]} {self._constant(constant)}"
            if isinstance(constant, bool) and condition.operator in _SAME:
                return variable if constant is _SAME[condition.operator] else f"not {variable}"
            return f"{variable} {_SIGNS[condition.operator]} {constant!r}"
        return self._group(condition)

    def _group(self, group: Group) -> str:
        joint = " or " if group.kind == ANY else " and "
        parts = joint.join(f"({self._condition(part)})" for part in group.parts)
        if group.kind in (ALL, ANY):
            return parts or str(group.kind == ALL)
        return f"not ({parts or True})"

    def _verdict(self, rule: Rule) -> str:
        if rule.outcome != LOCAL or rule.ensemble or TASK not in self.variables:
            return repr((rule.id, rule.outcome))
        tasks = self.policy.facts[TASK].values
        by_task = {task: (rule.id, served(self.policy, task)) for task in tasks}
        return f"{self._name(by_task)}[{self.variables[TASK]}]"

    def _constant(self, values: tuple[Scalar, ...]) -> str:
        return self._name(frozenset(values))

    def _name(self, value: object) -> str:
        name = f"c{len(self.names)}"
        self.names[name] = value
        return name
