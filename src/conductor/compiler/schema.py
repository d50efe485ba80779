"""The engine's shape of an ensemble, as a JSON Schema, and its graph, checked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache, reduce
from typing import Any

import jsonschema_rs

from conductor.compiler.problems import nearest
from conductor.compiler.text import Parsed
from conductor.core import graph
from conductor.core.closure import agents_of
from conductor.core.execution import Document
from conductor.core.finding import Finding

_SAID = 120  # characters of a message that may quote the whole value
_LONG = 40  # characters of a text that a message does not repeat


def check_ensemble(parsed: Parsed, schema_text: str) -> list[Finding]:
    """Judge an ensemble by the engine's shape and by its graph."""
    validator, schema = _validator(schema_text)
    found = [_finding(parsed, error, schema) for error in validator.iter_errors(parsed.data)]
    misspelt = {finding.at for finding in found if finding.name == "unknown-key"}
    findings = [one for one in found if one.name == "unknown-key" or one.at not in misspelt]
    if not findings and isinstance(parsed.data, dict):
        findings.extend(_graph(parsed, parsed.data))
    return findings


def schema_problem(schema: Mapping[str, object]) -> str:
    """Say why a schema that came with an ensemble is none; empty when it is one."""
    held = _held(schema)
    return held if isinstance(held, str) else ""


def first_problem(schema: Mapping[str, object], value: object) -> str:
    """Say what is wrong with a value by a schema that came with an ensemble; empty when nothing is.

    References that lead out of the schema are not followed. A long text is not repeated.
    """
    held = _held(schema, mask="it" if isinstance(value, str) and len(value) > _LONG else None)
    if isinstance(held, str):
        return f"the schema itself is broken: {held}"
    error = next(iter(held.iter_errors(value)), None)
    if error is None:
        return ""
    at = ".".join(str(part) for part in error.instance_path)
    return f"{f'`{at}`: ' if at else ''}{error.message[:_SAID]}"


def _held(
    schema: Mapping[str, object], mask: str | None = None
) -> jsonschema_rs.Draft202012Validator | str:
    try:
        return jsonschema_rs.Draft202012Validator(dict(schema), offline=True, mask=mask)
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as broken:
        return str(broken).splitlines()[0]


@cache
def _validator(schema_text: str) -> tuple[Any, Mapping[str, Any]]:
    schema = json.loads(schema_text)
    inlined = _inlined(schema, schema.get("$defs", {}))
    return jsonschema_rs.Draft202012Validator(inlined, offline=True), inlined


def _inlined(node: Any, definitions: Mapping[str, Any]) -> Any:
    """Put definitions in the place of references, so that an error's path leads to its keyword."""
    if isinstance(node, list):
        return [_inlined(one, definitions) for one in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _inlined(definitions[node["$ref"].rsplit("/", 1)[1]], definitions)
    return {key: _inlined(one, definitions) for key, one in node.items() if key != "$defs"}


def _finding(parsed: Parsed, error: Any, schema: Mapping[str, Any]) -> Finding:
    path = tuple(error.instance_path)
    around = reduce(lambda node, key: node[key], error.schema_path[:-1], schema)
    name, message, hint = _sentence(error, path, around)
    return Finding(name=name, message=message, at=parsed.at(*path), hint=hint)


def _sentence(
    error: Any, path: tuple[str | int, ...], around: Mapping[str, Any]
) -> tuple[str, str, str]:
    """Give name, sentence and hint; `around` is the schema that has the keyword."""
    kind = error.kind
    if kind.name == "additionalProperties":
        known, unknown = around.get("properties", {}), kind.unexpected[0]
        return "unknown-key", f"unknown agent key `{unknown}`", nearest(unknown, known)
    if kind.name == "anyOf":
        hint = "give it a `model_profile`, a `script`, an `ensemble`, a `loop` or a `dispatch`"
        return "no-source", "this agent has nothing to run", hint
    if kind.name == "required":
        return "missing-key", f"`{kind.property}` is missing", f"add `{kind.property}`"
    last = f"`{path[-1]}`" if path else "the file"
    return "wrong-shape", f"{last} is not what the engine reads", error.message


def _graph(parsed: Parsed, ensemble: Document) -> Iterator[Finding]:
    names = [str(agent.get("name")) for agent in agents_of(ensemble)]

    def found(name: str, message: str, hint: str, *path: str | int) -> Finding:
        return Finding(name=name, message=message, at=parsed.at("agents", *path), hint=hint)

    for agent in graph.duplicates(ensemble):
        message, last = f"agent `{agent}` is there twice", len(names) - 1 - names[::-1].index(agent)
        yield found("duplicate-agent", message, "rename one of the two", last, "name")
    for agent, missing in graph.dangling(ensemble):
        hint, index = nearest(missing, names), names.index(agent)
        place = graph.dependencies(ensemble)[agent].index(missing)
        message = f"`{agent}` depends on `{missing}`, which is no agent"
        yield found("unknown-agent", message, hint, index, "depends_on", place)
    _, caught = graph.stages(ensemble)
    if caught:
        waiting = ", ".join(f"`{name}`" for name in caught)
        at = names.index(caught[0])
        yield found("cycle", f"agents wait for each other: {waiting}", "remove one dependency", at)
