"""A spec's parameters against the types that its template declares."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from pydantic import JsonValue

from conductor.compiler.problems import nearest
from conductor.compiler.source_registry import ParameterDoc, TemplateDoc
from conductor.core.finding import Finding, Place

_AGENT = re.compile(r"[a-z][a-z0-9-]{0,47}")

Values = dict[str, object]
At = Callable[..., Place]
Problem = tuple[str, str]  # a sentence and a hint


def check(
    template: TemplateDoc, given: Mapping[str, JsonValue], classes: Sequence[str], at: At
) -> tuple[Values, list[Finding]]:
    """Give the values, defaults filled in, and a finding for each that does not fit."""
    findings = [
        Finding(
            name="unknown-parameter",
            message=f"unknown parameter `{name}`",
            at=at("parameters", name),
            hint=nearest(name, template.parameters),
        )
        for name in given
        if name not in template.parameters
    ]
    values: Values = {}
    for name, parameter in template.parameters.items():
        value = given.get(name, parameter.default)
        if problem := fits(name, parameter, value, classes):
            message, hint = problem
            place = at("parameters", name)
            findings.append(Finding(name="parameter", message=message, at=place, hint=hint))
        values[name] = value
    return values, findings


def fits(
    name: str, parameter: ParameterDoc, value: object, classes: Sequence[str]
) -> Problem | None:
    """Say what is wrong with a value; None when it fits."""
    if value is None:
        return f"parameter `{name}` is missing", f"{parameter.question} Add `{name}`"
    match parameter.kind:
        case "text":
            if not isinstance(value, str) or not value.strip():
                return f"parameter `{name}` is a text", parameter.help or parameter.question
        case "class":
            if value not in classes:
                return f"`{value}` is no capability class", nearest(str(value), classes)
        case "integer":
            return _integer(name, parameter, value)
        case "agents":
            return _agents(name, parameter, value)
    return None


def _integer(name: str, parameter: ParameterDoc, value: object) -> Problem | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return f"parameter `{name}` is a whole number", parameter.question
    return _bounds(parameter, value, f"parameter `{name}` is {value}")


def _agents(name: str, parameter: ParameterDoc, value: object) -> Problem | None:
    if not isinstance(value, dict):
        return f"parameter `{name}` is a table of agents", 'write `agent-name = "instruction"`'
    for agent, instruction in value.items():
        if not _AGENT.fullmatch(agent):
            hint = "use lower-case letters, digits and `-`"
            return f"`{agent}` is not a valid agent name", hint
        if not isinstance(instruction, str) or not instruction.strip():
            return f"agent `{agent}` has no instruction", "say in one sentence what it does"
    return _bounds(parameter, len(value), f"parameter `{name}` has {len(value)} agents")


def _bounds(parameter: ParameterDoc, amount: int, sentence: str) -> Problem | None:
    if parameter.min is not None and amount < parameter.min:
        return sentence, f"give at least {parameter.min}"
    if parameter.max is not None and amount > parameter.max:
        return sentence, f"give at most {parameter.max}"
    return None
