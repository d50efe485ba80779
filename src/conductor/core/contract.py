"""What an ensemble promises of its output: a text or JSON, and the schema that it is held to.

The schema of a text is one of JSON Schema's type `string`: it speaks of the text itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conductor.core import graph
from conductor.core.closure import agents_of
from conductor.core.execution import Document

Schema = Mapping[str, object]

TEXT = "string"  # the type of a text's schema
_MERGE = "scripts/merge.py"  # puts the answer of each group under the group's name
_GROUP = "extract-"
_SHOWN = 120  # characters of a description that nobody wrote


def output_schema(ensemble: Document) -> Schema | None:
    """Give the schema of the whole output: the declared one, else what its last agent writes in."""
    if declared := _declared(ensemble):
        return declared
    agents = {str(one.get("name")): one for one in agents_of(ensemble)}
    ends = graph.ends(ensemble)
    if len(ends) != 1:
        return None
    last = agents[ends[0]]
    if last.get("script") != _MERGE:
        return _written_in(last)
    return together([agents.get(one, {}) for one in graph.dependencies(ensemble)[ends[0]]])


def together(writers: Sequence[Document]) -> Schema | None:
    """Give the schema of what agents write; of several, an object with a key for each.

    None where one of them writes what it likes.
    """
    forms = [_written_in(one) for one in writers]
    names = [str(one.get("name")).removeprefix(_GROUP) for one in writers]
    known = {name: form for name, form in zip(names, forms, strict=True) if form}
    if len(known) < len(writers) or not known:
        return None
    if len(known) == 1:
        return known[names[0]]
    return {
        "type": "object",
        "properties": known,
        "required": names,
        "additionalProperties": False,
    }


def gives(ensemble: Document) -> str:
    """Say in a few words what comes out."""
    schema = output_schema(ensemble)
    if schema is None:
        return "JSON" if _block(ensemble).get("output") == "json" else "text"
    if about := schema.get("description"):
        return str(about)
    if schema.get("type") == TEXT:
        return "text"
    fields = schema.get("properties")
    names = ", ".join(fields) if isinstance(fields, Mapping) else ""
    return f"JSON with {names}"[:_SHOWN] if names else "JSON"


def _declared(ensemble: Document) -> Schema | None:
    checks = _block(ensemble).get("checks")
    schema = checks.get("json_schema") if isinstance(checks, Mapping) else None
    return schema if isinstance(schema, Mapping) else None


def _written_in(agent: Mapping[str, object]) -> Schema | None:
    form = agent.get("response_format")
    return form if isinstance(form, Mapping) else None


def _block(ensemble: Document) -> Mapping[str, object]:
    block = ensemble.get("x-conductor")
    return block if isinstance(block, Mapping) else {}
