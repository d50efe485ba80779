"""Schemas for editors: what they admit is what the compiler admits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from conductor.compiler.text import Parsed, parse
from tests.compiler.conftest import SOURCES


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    from conductor.compiler.assemble import assemble
    from tests.compiler.conftest import SCHEMA

    files = assemble(SOURCES, SCHEMA).files
    return {path: json.loads(text) for path, text in files.items() if path.startswith("schemas/")}


def nodes(schema: object) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        schema = list(schema.values())
    if isinstance(schema, list):
        for child in schema:
            yield from nodes(child)


def test_every_schema_is_one(schemas: dict[str, Any]):
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)


def test_no_mistake_can_fail_in_several_branches(schemas: dict[str, Any]):
    for node in (node for schema in schemas.values() for node in nodes(schema)):
        assert "oneOf" not in node
        if "anyOf" in node:  # told apart by type
            value, other = node["anyOf"]
            assert value["$ref"].startswith("#/$defs/value-of-")
            assert other == {"type": ["array", "object"]}


@pytest.mark.parametrize("file", [f for f in SOURCES if f.endswith((".toml", ".yaml"))])
def test_every_source_names_a_schema_and_follows_it(schemas: dict[str, Any], file: str):
    if file.startswith(("registry/ensembles/", "registry/profiles/")):
        return  # the engine's own form
    text = SOURCES[file]
    kind = text.partition("\n")[0].rpartition("/")[2].removesuffix(".json")
    schema = schemas[f"schemas/{kind}.json"]
    parsed = parse(file, text)
    assert isinstance(parsed, Parsed)
    Draft202012Validator(schema).validate(parsed.data)
