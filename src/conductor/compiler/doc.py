"""The base of all documents that people write, and the texts that name things in them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

NAME = r"[a-z][a-z0-9-]{0,63}"

Name = Annotated[str, Field(pattern=f"^{NAME}$")]
FactName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
TaskId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", max_length=64)]
Prose = Annotated[str, Field(min_length=1)]
ClassName = Literal["micro", "small", "medium", "ceiling"]

# The names of the tables in core/text.py; a test compares.
ShapeName = Literal[
    "alternatives", "code", "csv", "diff", "enumeration", "fence", "foreign_script", "formula",
    "identifier", "json", "list", "log", "options", "question", "trace",
]  # fmt: skip
AmountName = Literal[
    "diff_files", "inline_numbers", "items", "lines", "long_items", "longest_paragraph", "numbers",
    "paragraphs", "pasted", "questions", "sentences", "words",
]  # fmt: skip


class Doc(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FileDoc(Doc):
    format: Literal[1] = Field(description="The version of this file's format.")
