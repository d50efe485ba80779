"""The document about models: capability classes, what to pull, and Claude's tokens."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from conductor.compiler.doc import ClassName, Doc, FileDoc, Prose


class LimitDoc(Doc):
    target_billion: Annotated[float, Field(gt=0)]
    limit_billion: Annotated[float, Field(gt=0)]


class ClassDoc(Doc):
    max_billion: Annotated[float, Field(gt=0)] = Field(description="Parameters, in billions.")
    context_tokens: Annotated[int, Field(ge=512)]
    timeout_seconds: Annotated[int, Field(ge=1, le=3600)] = Field(description="For one agent.")
    trusted_with: Prose
    brings_together: Annotated[int, Field(ge=0)] = Field(
        0, description="An agent of this class should join the words of at least so many others."
    )


class SuggestionDoc(Doc):
    """A model worth pulling; sizes are about right and change with the tag."""

    class_: ClassName = Field(alias="class")
    model: Prose
    billion: Annotated[float, Field(gt=0)]
    gigabytes: Annotated[float, Field(gt=0)] = Field(description="To download, about.")
    licence: Prose


class EstimateDoc(Doc):
    percent: Annotated[int, Field(ge=10, le=400)] = Field(
        description="Claude tokens per hundred of the estimator's."
    )
    source: Prose


class ModelsDoc(FileDoc):
    """policy/models.toml: capability classes and how Claude's tokens are estimated."""

    parameters: LimitDoc
    classes: dict[ClassName, ClassDoc]
    claude_tokens: EstimateDoc
    suggestion: list[SuggestionDoc] = []
