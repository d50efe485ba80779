"""The document about models: capability classes, what to pull, Claude's tokens and prices."""

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


class SavingsDoc(Doc):
    baselines: list[Prose] = Field(
        [], description="The models of Claude that savings are told against, each with a price."
    )
    stale_days: Annotated[int, Field(ge=1, le=3650)] = Field(
        90, description="A price that is older is remarked on."
    )


class PriceDoc(Doc):
    """What a model of Claude costs, per million tokens."""

    model: Prose
    input: Annotated[float, Field(ge=0)]
    cache_write: Annotated[float, Field(ge=0)] | None = Field(
        None, description="For what is read the first time; without it, `input`."
    )
    output: Annotated[float, Field(ge=0)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    date: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] = Field(
        description="When the source said so."
    )
    source: Prose


class ModelsDoc(FileDoc):
    """policy/models.toml: capability classes, how Claude's tokens are estimated, its prices."""

    parameters: LimitDoc
    classes: dict[ClassName, ClassDoc]
    claude_tokens: EstimateDoc
    savings: SavingsDoc = SavingsDoc()
    price: list[PriceDoc] = []
    suggestion: list[SuggestionDoc] = []
