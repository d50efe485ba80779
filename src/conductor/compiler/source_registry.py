"""Templates and specs: what ensembles are rendered from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from conductor.compiler.doc import Doc, FactName, FileDoc, Prose
from conductor.compiler.refs import RubricRef, TaskRef, TemplateRef
from conductor.compiler.source_checks import ChecksDoc

Kind = Literal[
    "text",
    "boolean",
    "integer",
    "choice",
    "class",
    "agents",
    "labels",
    "groups",
    "examples",
    "checks",
    "ensembles",
    "rubric",
]

RUBRIC = "rubric"  # the kind of a parameter that names a rubric of the policy
Output = Literal["text", "json"]


class ParameterDoc(Doc):
    kind: Kind = Field(
        description="`agents`, `labels`, `groups` and `checks` are tables, `examples` and"
        " `ensembles` lists, `rubric` names one; docs/ensembles.md describes each."
    )
    question: Prose
    help: str = ""
    example: str = Field("", description="An answer as people could give it.")
    from_task: bool = Field(
        default=False,
        description="Proposed from the words that ask for the ensemble: a text, or listed labels.",
    )
    default: JsonValue = None
    choices: list[Prose] = []
    min: int | None = Field(None, description="Of an integer, or of the number of rows or items.")
    max: int | None = None


class TemplateLimitsDoc(Doc):
    """What an ensemble of this template should stay within; more is a warning."""

    directives: Annotated[int, Field(ge=1)] = Field(
        4, description="Instructions per agent: small models drop the fifth."
    )
    prompt_percent: Annotated[int, Field(ge=1, le=100)] = Field(
        25, description="Of the context window that one prompt may take."
    )


class TemplateDoc(FileDoc):
    """templates/NAME/template.toml: the typed parameters of an ensemble template."""

    version: Annotated[int, Field(ge=1)]
    description: Prose
    shape: Prose = Field(description="The stages, such as `split -> map -> reduce`.")
    tasks: list[TaskRef] = Field(description="The task types that it suits.")
    output: Output = Field("text", description="What comes out, unless a spec says otherwise.")
    limits: TemplateLimitsDoc = TemplateLimitsDoc()
    checks: ChecksDoc = ChecksDoc()
    parameters: dict[FactName, ParameterDoc]


class SpecLimitsDoc(Doc):
    input_tokens: Annotated[int, Field(ge=1)] | None = None
    scope: str = Field("", description="What it is not for, in one sentence.")


class SpecDoc(FileDoc):
    """registry/specs/NAME.toml: the few lines that an ensemble is rendered from."""

    template: TemplateRef
    template_version: Annotated[int, Field(ge=1)]
    description: Prose
    task: TaskRef | None = Field(None, description="Without one, no route leads to it.")
    routed: bool = Field(
        default=True,
        description="False: it serves a part of its task type only, so no route chooses it.",
    )
    rubric: RubricRef | None = Field(
        None, description="Without one, the rubric for its task type, else `output`."
    )
    output: Output | None = Field(
        None, description="What comes out; `json` is checked before anyone reads it."
    )
    default_task: str = Field("", description="What to put in, for a stranger who tries it.")
    version: str = Field("", pattern=r"^(\d+\.\d+\.\d+)?$")
    license: str = Field("", description="An SPDX identifier.")
    authors: list[Prose] = []
    applies_to: list[Prose] = Field([], description="Languages or frameworks it is made for.")
    limits: SpecLimitsDoc = SpecLimitsDoc()
    checks: ChecksDoc | None = Field(
        None, description="What the output is held to; each key replaces the template's."
    )
    known_failures: list[Prose] = Field([], description="Where it is known to go wrong.")
    parameters: dict[FactName, JsonValue]


class ExpectationDoc(Doc):
    """What can be checked about an output without reading it."""

    keys: list[Prose] | None = Field(None, description="Of the JSON object, no more and no less.")
    label: list[Prose] | None = Field(None, description="One of these stands under `label`.")
    mentions: list[Prose] | None = None
    lacks: list[Prose] | None = None
    most_lines: Annotated[int, Field(ge=1)] | None = None
    python: bool | None = Field(None, description="It is Python that can be parsed.")
    may_be_empty: bool | None = Field(
        None, description="It rather delivers nothing than something wrong."
    )


class ExampleDoc(FileDoc):
    """registry/examples/ENSEMBLE/CASE.yaml: a golden input, and what its output must fulfil."""

    input: Prose
    holds: ExpectationDoc = Field(description="With any model, however small.")
    good: ExpectationDoc = ExpectationDoc()
