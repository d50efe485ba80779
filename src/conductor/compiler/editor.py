"""JSON Schemas for editors: the shape of every document, with the names of one workspace.

An editor must print one error for one mistake, so a schema has no branches: what may be absent
is just not required, and a value of several types lists the types. The one exception is a fact
with an enum, where the two branches are told apart by type.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import BaseModel

from conductor.compiler import (
    refs,
    source,
    source_authorizations,
    source_judging,
    source_models,
    source_registry,
    source_settings,
)
from conductor.compiler.when import ORDERING, SETS
from conductor.core.condition import ANY, NOT, OPERATORS
from conductor.core.facts import ENUM, INTEGER, FactSpec

Schema = dict[str, Any]


DOCUMENTS: Mapping[str, type[BaseModel]] = {
    "authorizations": source_authorizations.AuthorizationsDoc,
    "bindings": source_settings.BindingsDoc,
    "cases": source.CasesDoc,
    "conductor": source_settings.SettingsDoc,
    "example": source_registry.ExampleDoc,
    "facts": source.FactsDoc,
    "layers": source.LayersDoc,
    "learning": source.LearningDoc,
    "models": source_models.ModelsDoc,
    "promotion": source.PromotionDoc,
    "routing": source.RoutingDoc,
    "rubric": source_judging.RubricDoc,
    "sampling": source_judging.SamplingDoc,
    "spec": source_registry.SpecDoc,
    "tasks": source.TasksDoc,
    "template": source_registry.TemplateDoc,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The names that a workspace has declared."""

    specs: Mapping[str, FactSpec]
    descriptions: Mapping[str, str]  # of the facts
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by what `refs.MEANS` says


def schema_texts(vocabulary: Vocabulary) -> dict[str, str]:
    """Generate the text of `schemas/NAME.json` for every document that people write."""
    return {
        f"schemas/{name}.json": json.dumps(_document(model, vocabulary), indent=2) + "\n"
        for name, model in DOCUMENTS.items()
    }


def _document(model: type[BaseModel], vocabulary: Vocabulary) -> Schema:
    schema = _plain(_shape(model), vocabulary)
    if refs.WHEN in json.dumps(schema):
        schema["$defs"] |= _conditions(vocabulary)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


@cache
def _shape(model: type[BaseModel]) -> Schema:
    """Give what pydantic says of a model, which no workspace changes; to be read only."""
    return model.model_json_schema(by_alias=True)


def _plain(node: Schema, vocabulary: Vocabulary) -> Schema:
    """Put the workspace's names in, and take out titles, null and branches."""
    plain: Schema = {}
    for key, value in _without_branches(node).items():
        if key in ("properties", "$defs"):
            plain[key] = {name: _plain(part, vocabulary) for name, part in value.items()}
        elif isinstance(value, dict) and key != "default":
            plain[key] = _plain(value, vocabulary)
        elif key != "title":
            plain[key] = value
    if not plain:  # anything; Tombi wants that said
        return {"additionalProperties": True}
    return _named(plain, str(plain.pop(refs.MEANS, "")), vocabulary)


def _named(node: Schema, meant: str, vocabulary: Vocabulary) -> Schema:
    """Replace what a text looks like by what it may be, so that one mistake is said once."""
    description = {key: node[key] for key in ("description",) if key in node}
    if meant == refs.WHEN:
        return {"$ref": f"#/$defs/{refs.WHEN}"} | description
    if meant == refs.GIVEN:
        return _given(vocabulary) | description
    names = vocabulary.names.get(meant, ())
    return {"type": "string", "enum": list(names)} | description if names else node


def _without_branches(node: Schema) -> Schema:
    """Turn `one or null` into the one, and a choice of types into a list of types."""
    branches = node.get("anyOf")
    if not isinstance(branches, list):
        return node
    around = {key: value for key, value in node.items() if key != "anyOf"}
    some = [branch for branch in branches if branch.get("type") != "null"]
    if len(some) < len(branches):
        del around["default"]
    return some[0] | around if len(some) == 1 else {"type": [one["type"] for one in some]} | around


def _given(vocabulary: Vocabulary) -> Schema:
    """Describe the facts of a case: a value each."""
    facts = {
        name: _scalar(spec) | {"description": _description(spec, vocabulary)}
        for name, spec in vocabulary.specs.items()
    }
    return {"type": "object", "properties": facts, "additionalProperties": False}


def _conditions(vocabulary: Vocabulary) -> Schema:
    """Define `when`: facts with their operators, `any` and `not`; and the values of each fact."""
    itself: Schema = {"$ref": f"#/$defs/{refs.WHEN}"}
    facts = {
        name: _constraint(spec) | {"description": _description(spec, vocabulary)}
        for name, spec in vocabulary.specs.items()
    }
    groups = {
        ANY: {"type": "array", "minItems": 1, "items": itself, "description": "One of them holds."},
        NOT: itself | {"description": "It does not hold."},
    }
    condition = {
        "type": "object",
        "properties": facts | groups,
        "additionalProperties": False,
        "minProperties": 1,
    }
    values = {_value_of(spec): _scalar(spec) for spec in vocabulary.specs.values()}
    return values | {refs.WHEN: condition}


def _constraint(spec: FactSpec) -> Schema:
    """Describe what may stand behind a fact: a value, a list of values, or operators."""
    one: Schema = {"$ref": f"#/$defs/{_value_of(spec)}"}
    many: Schema = {"type": "array", "items": one, "minItems": 1}
    operators = {
        name: many if name in SETS else one
        for name in OPERATORS
        if name not in ORDERING or spec.kind == INTEGER
    }
    scalar = _scalar(spec)
    if spec.kind == ENUM:
        scalar = {"type": "string", "anyOf": [one, {"type": ["array", "object"]}]}
    table = {"properties": operators, "additionalProperties": False, "minProperties": 1}
    return scalar | many | table | {"type": [scalar["type"], "array", "object"]}


def _scalar(spec: FactSpec) -> Schema:
    match spec.kind:
        case "integer":
            return {"type": "integer", "minimum": spec.low, "maximum": spec.high}
        case "boolean":
            return {"type": "boolean"}
        case _:
            return {"type": "string", "enum": list(spec.values)}


def _value_of(spec: FactSpec) -> str:
    return f"value-of-{spec.name}"


def _description(spec: FactSpec, vocabulary: Vocabulary) -> str:
    """Say what a fact is, and what it is when nobody says."""
    default = str(spec.default).lower()
    unit = f" {spec.unit}" if spec.unit else ""
    bounds = f" From {spec.low:,} to {spec.high:,}{unit}." if spec.kind == INTEGER else ""
    return f"{vocabulary.descriptions[spec.name]}{bounds} Default: {default}."
