"""Templates and specs: what ensembles are rendered from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from conductor.compiler.doc import Doc, FactName, FileDoc, Prose
from conductor.compiler.refs import RubricRef, TaskRef, TemplateRef


class ParameterDoc(Doc):
    kind: Literal["text", "agents", "class", "integer"]
    question: Prose
    help: str = ""
    default: str | int | None = None
    min: int | None = Field(None, description="Of an integer, or of the number of agents.")
    max: int | None = None


class TemplateDoc(FileDoc):
    """templates/NAME/template.toml: the typed parameters of an ensemble template."""

    version: Annotated[int, Field(ge=1)]
    description: Prose
    shape: Prose
    tasks: list[TaskRef] = Field(description="The task types that it suits.")
    parameters: dict[FactName, ParameterDoc]


class SpecDoc(FileDoc):
    """registry/specs/NAME.toml: the few lines that an ensemble is rendered from."""

    template: TemplateRef
    template_version: Annotated[int, Field(ge=1)]
    description: Prose
    task: TaskRef
    rubric: RubricRef = "output"
    output: Literal["text", "json"] = Field(
        "text", description="What comes out; `json` is checked before anyone reads it."
    )
    parameters: dict[FactName, JsonValue]
