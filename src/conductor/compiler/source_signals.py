"""Signals as people write them, below a fact or a task type."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from conductor.compiler.doc import AmountName, Doc, Name, Prose, ShapeName


class AmountDoc(Doc):
    ge: Annotated[int, Field(ge=0)] | None = Field(None, description="At least.")
    le: Annotated[int, Field(ge=0)] | None = Field(None, description="At most.")


class SignalDoc(Doc):
    """What speaks for a value. Everything that is named here must be found."""

    id: Name
    value: bool | int | str | None = Field(
        None, description="The value that it speaks for. Without one, only other signals see it."
    )
    phrases: list[Prose] = Field([], description="Any of these, as whole words.")
    order: list[list[Prose]] = Field(
        [], description="One of each of these, in this order, within one sentence."
    )
    patterns: list[Prose] = Field(
        [], description="Any of these regular expressions, over the text in lower case."
    )
    shapes: list[ShapeName] = Field([], description="The text has any of these shapes.")
    amounts: dict[AmountName, AmountDoc] = Field({}, description="The text has so many of each.")
    with_: list[Name] = Field([], alias="with", description="All of these signals above.")
    least: Annotated[int, Field(ge=1)] | None = Field(
        None, description="So many of `with`, or without it of `phrases`."
    )
    without: list[Name] = Field([], description="None of these signals above.")
    count: list[Prose] = Field(
        [], description="How often these occur together: the value, or times the weight."
    )
    measure: Literal["tokens", "documents"] | None = None
    unless: list[Prose] = Field(
        [],
        description="None of these phrases. Of a measure: they say that the document is elsewhere.",
    )
    weight: Annotated[int, Field(ge=-10, le=10)] = Field(1, description="Negative: against it.")
    where: Literal["everywhere", "anywhere", "start", "opening", "ending", "instruction"] = Field(
        "anywhere",
        description="Where a phrase stands: at the start, in the first 14 words, the last 40, or"
        " outside of the material that was pasted; `everywhere`: in the text of files as well.",
    )
