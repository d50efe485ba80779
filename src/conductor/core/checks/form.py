"""An output that is not JSON, breaks its schema, or gives a label that nobody asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conductor.core.checks.material import Material, parse
from conductor.core.run import Check

_LABEL = "label"


def check_json(material: Material) -> Check | None:
    if not material.wants_json:
        return None
    problem = material.parsed[1]
    return Check(
        name="invalid-json", passed=not problem, detail=f"not JSON: {problem}" if problem else ""
    )


def check_schema(material: Material) -> Check | None:
    """Hold every agent to the form it was told to write in, and the output to its own."""
    problems = list(_problems(material))
    if not problems:
        return None
    found = next((problem for problem in problems if problem), "")
    return Check(name="schema", passed=not found, detail=found)


def check_label(material: Material) -> Check | None:
    labels = material.expected.labels or _enumerated(material)
    if not labels:
        return None
    given = _given(material)
    known = {label.casefold() for label in labels}
    if given is not None and given.strip(" .\n\"'`*").casefold() in known:
        return Check(name="label", passed=True)
    said = f"`{given[:40]}` is none of the labels" if given else "there is no label"
    return Check(name="label", passed=False, detail=f"{said}: {', '.join(labels)}")


def _problems(material: Material) -> Iterator[str]:
    outputs = {agent.name: agent.output for agent in material.outcome.agents}
    for name, schema in material.schemas.items():
        if outputs.get(name):
            value, problem = parse(outputs[name])
            broken = material.validate(schema, value) if not problem else f"not JSON: {problem}"
            yield f"`{name}`: {broken}" if broken else ""
    whole = material.expected.schema
    if whole and not material.wants_json:
        broken = material.validate(whole, material.answer)
        about = whole.get("description")
        yield f"not {about}: {broken}" if broken and about else broken
    elif whole and not material.parsed[1]:
        yield material.validate(whole, material.parsed[0])


def _enumerated(material: Material) -> tuple[str, ...]:
    """Find the closed set that the delivering agent had to choose its label from."""
    for name in material.last:
        properties = material.schemas.get(name, {}).get("properties")
        field = properties.get(_LABEL) if isinstance(properties, Mapping) else None
        values = field.get("enum") if isinstance(field, Mapping) else None
        if isinstance(values, list):
            return tuple(str(value) for value in values)
    return ()


def _given(material: Material) -> str | None:
    """Read the label: under `label` in an object, else the whole answer."""
    if isinstance(material.data, Mapping):
        label = material.data.get(_LABEL)
        return None if label is None else str(label)
    return material.answer if material.data is None else None
