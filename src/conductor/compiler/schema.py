"""The engine's shape of an ensemble, as a JSON Schema, and its graph, checked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, SchemaError, ValidationError, validators
from referencing import Registry
from referencing.exceptions import Unresolvable

from conductor.compiler.problems import nearest
from conductor.compiler.text import Parsed
from conductor.core import graph
from conductor.core.execution import Document
from conductor.core.finding import Finding

_SAID = 120  # characters of a message that may quote the whole value


def check_ensemble(parsed: Parsed, schema_text: str) -> list[Finding]:
    """Judge an ensemble by the engine's shape and by its graph."""
    found = [_finding(parsed, error) for error in _validator(schema_text).iter_errors(parsed.data)]
    misspelt = {finding.at for finding in found if finding.name == "unknown-key"}
    findings = [one for one in found if one.name == "unknown-key" or one.at not in misspelt]
    if not findings and isinstance(parsed.data, dict):
        findings.extend(_graph(parsed, parsed.data))
    return findings


def first_problem(schema: Mapping[str, object], value: object) -> str:
    """Say what is wrong with a value by a schema that came with an ensemble; empty when nothing is.

    References that lead out of the schema are not followed.
    """
    try:
        Draft202012Validator.check_schema(schema)
        held: Any = Draft202012Validator(schema, registry=Registry())
        error = next(held.iter_errors(value), None)
    except (SchemaError, Unresolvable, RecursionError) as broken:
        return f"the schema itself is broken: {str(broken).splitlines()[0]}"
    if error is None:
        return ""
    at = ".".join(str(part) for part in error.absolute_path)
    return f"{f'`{at}`: ' if at else ''}{error.message[:_SAID]}"


@cache
def _validator(schema_text: str) -> Any:
    schema = json.loads(schema_text)
    return _Validator(_inlined(schema, schema.get("$defs", {})))


def _if(
    validator: Any, condition: Mapping[str, Any], instance: Any, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    """Follow `if` where it only asks for keys, as this schema does, without a validator for it."""
    holds = all(key in instance for key in condition["required"])
    if branch := schema.get("then" if holds else "else"):
        yield from validator.descend(instance, branch)


_Validator: Any = validators.extend(  # type: ignore[no-untyped-call]  # as jsonschema types it
    Draft202012Validator, {"if": _if}
)


def _inlined(node: Any, definitions: Mapping[str, Any]) -> Any:
    """Put definitions in the place of references: following one costs as much as checking it."""
    if isinstance(node, list):
        return [_inlined(one, definitions) for one in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _inlined(definitions[node["$ref"].rsplit("/", 1)[1]], definitions)
    return {key: _inlined(one, definitions) for key, one in node.items() if key != "$defs"}


def _finding(parsed: Parsed, error: ValidationError) -> Finding:
    path = tuple(error.absolute_path)
    name, message, hint = _sentence(error, path)
    return Finding(name=name, message=message, at=parsed.at(*path), hint=hint)


def _sentence(error: ValidationError, path: tuple[str | int, ...]) -> tuple[str, str, str]:
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, dict) else {}
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = schema.get("properties", {})
        unknown = next(key for key in error.instance if key not in known)
        return "unknown-key", f"unknown agent key `{unknown}`", nearest(unknown, known)
    if error.validator == "anyOf":
        hint = "give it a `model_profile`, a `script`, an `ensemble`, a `loop` or a `dispatch`"
        return "no-source", "this agent has nothing to run", hint
    if error.validator == "required":
        missing = error.message.split("'")[1]
        return "missing-key", f"`{missing}` is missing", f"add `{missing}`"
    last = f"`{path[-1]}`" if path else "the file"
    return "wrong-shape", f"{last} is not what the engine reads", error.message


def _graph(parsed: Parsed, ensemble: Document) -> Iterator[Finding]:
    def found(name: str, message: str, hint: str) -> Finding:
        return Finding(name=name, message=message, at=parsed.at("agents"), hint=hint)

    for agent in graph.duplicates(ensemble):
        yield found("duplicate-agent", f"agent `{agent}` is there twice", "rename one of the two")
    for agent, missing in graph.dangling(ensemble):
        hint = nearest(missing, graph.dependencies(ensemble))
        yield found("unknown-agent", f"`{agent}` depends on `{missing}`, which is no agent", hint)
    _, caught = graph.stages(ensemble)
    if caught:
        names = ", ".join(f"`{name}`" for name in caught)
        yield found("cycle", f"agents wait for each other: {names}", "remove one dependency")
