"""What templates may do with a parameter before they quote it: names, schemas, prompts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence

from conductor.core.prompting import instruction
from conductor.core.rubric import Answer, Rubric, Verdict

FIELD = re.compile(
    r"(?P<kind>text|number|integer|boolean|list"
    r"|rows of (?P<columns>[a-z][a-z0-9_]*(?:, ?[a-z][a-z0-9_]*)*)): ?(?P<about>\S.*)"
)
_JSON_TYPES = {"text": "string", "number": "number", "integer": "integer", "boolean": "boolean"}

Schema = dict[str, object]


def profile_name(capability: str) -> str:
    """Name the logical profile of a capability class."""
    return f"conductor-{capability}"


def part_name(name: str, part: str) -> str:
    """Name the ensemble that a template renders beside the main one."""
    return f"{name}-{part}"


def _prefixed(name: str, prefix: str) -> str:
    return name if name.startswith(f"{prefix}-") else f"{prefix}-{name}"


def _schema(fields: Mapping[str, str]) -> Schema:
    """Make the JSON schema of an object from `field -> kind: what it is`."""
    return _object({name: _field(FIELD.fullmatch(text)) for name, text in fields.items()})


def _one_of(names: Sequence[str], key: str) -> Schema:
    """Make the schema of an object whose `key` is one of the names."""
    return _object({key: {"type": "string", "enum": list(names)}})


def _object(properties: Mapping[str, object]) -> Schema:
    """Put the fields in alphabetical order: the engine does so with what it is handed (ADR 39).

    A server that enforces a schema has its model write the fields in the schema's order.
    """
    return {
        "type": "object",
        "properties": dict(sorted(properties.items())),
        "required": sorted(properties),
        "additionalProperties": False,
    }


def _field(found: re.Match[str] | None) -> Schema:
    if found is None:  # the parameter's own check says so with its place
        return {"type": "string"}
    if found["columns"]:
        columns = [one.strip() for one in found["columns"].split(",")]
        return {"type": "array", "items": _object({one: {"type": "string"} for one in columns})}
    if found["kind"] == "list":
        return {"type": "array", "items": {"type": "string"}}
    return {"type": _JSON_TYPES[found["kind"]]}


def _lines(table: Mapping[str, str] | Sequence[tuple[str, str]]) -> str:
    """List a table for a prompt, a line each."""
    return "\n".join(f"- {name}: {text}" for name, text in dict(table).items())


def _with_examples(prompt: str, examples: Sequence[Mapping[str, str]]) -> str:
    """Add worked examples to a prompt: they help a small model more than any instruction."""
    shown = [
        f"Example input:\n{one['input'].strip()}\nExample output:\n{one['output'].strip()}"
        for one in examples
    ]
    return "\n\n".join([prompt, *shown])


def _labelled(
    examples: Sequence[Mapping[str, str]], key: str, labels: Mapping[str, str]
) -> list[dict[str, str]]:
    """Turn examples that give a label into examples of the JSON that the schema demands."""
    if wrong := [one["output"] for one in examples if one["output"] not in labels]:
        raise ValueError(f"the example's label `{wrong[0]}` is none of the labels")
    return [{"input": one["input"], "output": json.dumps({key: one["output"]})} for one in examples]


def _of_group(
    examples: Sequence[Mapping[str, str]], group: str, groups: Mapping[str, object]
) -> list[dict[str, str]]:
    """Take out of examples of a whole answer what one group's agent should write."""
    wholes = [(one["input"], json.loads(one["output"])) for one in examples]
    parts = [(text, whole[group] if len(groups) > 1 else whole) for text, whole in wholes]
    return [{"input": text, "output": _json(part)} for text, part in parts]


def _judgement(rubric: Rubric) -> Schema:
    """Make the schema of a judgement, whose fields in alphabetical order begin with the reasons.

    `result` is what a record calls `answer`, and `shortcoming` its `failure_mode`: both would come
    too early. Where there are criteria, the verdict follows from their answers, and is not asked.
    """
    text: Schema = {"type": "string"}
    answered = _object(
        {
            "evidence": {"type": "array", "items": text, "minItems": 1, "maxItems": 3},
            "reasoning": text,
            "result": {"type": "string", "enum": list(Answer)},
        }
    )
    modes = ["none", *(name for name, _ in rubric.failure_modes)]
    end: Schema = {"reasoning": text, "shortcoming": {"type": "string", "enum": modes}}
    if rubric.criteria:
        criteria = _object({one.name: answered for one in rubric.criteria})
        return _object({"criteria": criteria, **end})
    return _object({**end, "verdict": {"type": "string", "enum": list(Verdict)}})


def _json(value: object) -> str:
    """Write what a model should write: the fields in the order of the schema."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


FILTERS: Mapping[str, Callable[..., object]] = {
    "instruction": instruction,
    "judgement": _judgement,
    "labelled": _labelled,
    "lines": _lines,
    "of_group": _of_group,
    "one_of": _one_of,
    "part": part_name,
    "prefixed": _prefixed,
    "profile": profile_name,
    "schema": _schema,
    "with_examples": _with_examples,
}
