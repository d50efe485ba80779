"""What a text in a document refers to: an editor's schema offers the names that there are."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, JsonValue

from conductor.compiler.doc import FactName, Name, TaskId

MEANS = "x-means"
WHEN, GIVEN = "conditions-of-facts", "values-of-facts"
FACTS, TASKS, RULES, ENSEMBLES, TEMPLATES, RUBRICS = (
    "facts", "tasks", "rules", "ensembles", "templates", "rubrics",
)  # fmt: skip

When = Annotated[dict[str, JsonValue], Field(json_schema_extra={MEANS: WHEN})]
Given = Annotated[dict[str, bool | int | str], Field(json_schema_extra={MEANS: GIVEN})]
FactRef = Annotated[FactName, Field(json_schema_extra={MEANS: FACTS})]
TaskRef = Annotated[TaskId, Field(json_schema_extra={MEANS: TASKS})]
RuleRef = Annotated[Name, Field(json_schema_extra={MEANS: RULES})]
EnsembleRef = Annotated[Name, Field(json_schema_extra={MEANS: ENSEMBLES})]
TemplateRef = Annotated[Name, Field(json_schema_extra={MEANS: TEMPLATES})]
RubricRef = Annotated[Name, Field(json_schema_extra={MEANS: RUBRICS})]
