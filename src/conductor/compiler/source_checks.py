"""What a spec, a template or an ensemble declares about its output, so that it can be checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from conductor.compiler import problems
from conductor.compiler.doc import Doc, Prose
from conductor.compiler.text import Parsed
from conductor.core.checks import Expected
from conductor.errors import SourceError

# The names of core/checks: a test compares.
Language = Literal[
    "any", "either", "input",
    "ar", "de", "el", "en", "es", "fr", "he", "hi", "it", "ja", "ko", "nl", "pl", "pt", "ru", "sv",
    "th", "zh",
]  # fmt: skip
Grounded = Literal["names", "numbers", "quotes"]
Unit = Literal["lines", "paragraphs", "list items", "headings", "entries"]


class ItemsDoc(Doc):
    """As many of these in the input as of those in the output."""

    input: Unit
    output: Unit


class ChecksDoc(Doc):
    """What is checked before anyone reads an output, beside what always is."""

    language: Language = Field(
        "either",
        description="A code, `input`, `either` (the language of the input or of the instruction)"
        " or `any`.",
    )
    labels: list[Prose] = Field(
        [], description="The closed set; without it, the `enum` of the answer's `label`."
    )
    json_schema: dict[str, JsonValue] | None = Field(
        None,
        description="Of the whole output; of type `string` it is one of the text itself. Each"
        " agent's `response_format` counts anyway.",
    )
    grounded: list[Grounded] = Field(
        [], description="What must not be in the output unless it is in the input."
    )
    items: ItemsDoc | None = Field(None, description="Which items must not get lost.")
    failed_percent: Annotated[int, Field(ge=0, le=99)] = Field(
        0, description="Of the branches, so many may deliver nothing before the synthesis."
    )


def declared(template: ChecksDoc, spec: ChecksDoc | None) -> dict[str, object]:
    """Give what a spec declares, and where it is silent its template."""
    given = template.model_dump(exclude_unset=True)
    return given | (spec.model_dump(exclude_unset=True) if spec else {})


def read_checks(block: object, file: str, *, wants_json: bool) -> Expected:
    """Read the `checks` of an ensemble's `x-conductor`; raises SourceError."""
    given = block if isinstance(block, Mapping) else {}
    doc = problems.read(ChecksDoc, Parsed(file=file, data=dict(given), spots={}))
    if isinstance(doc, list):
        message = f"`checks` of `x-conductor`: {doc[0].message}"
        raise SourceError(message, at=file, hint=doc[0].hint)
    return Expected(
        json=wants_json,
        schema=doc.json_schema,
        labels=tuple(doc.labels),
        language=doc.language,
        grounded=tuple(doc.grounded),
        items=(doc.items.input, doc.items.output) if doc.items else None,
        failed_percent=doc.failed_percent,
    )
