"""The policy's documents as pydantic models. `*Doc` may be wrong; values may not.

The models are also where `schemas/*.json` come from, so descriptions are written for editors.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from conductor.compiler.doc import Doc, FactName, FileDoc, Name, Prose, TaskId
from conductor.compiler.refs import EnsembleRef, FactRef, Given, RuleRef, TaskRef, TemplateRef, When
from conductor.compiler.source_composing import CompositionDoc, DelegationDoc
from conductor.compiler.source_signals import SignalDoc


class FactDoc(Doc):
    type: Literal["enum", "boolean", "integer"]
    description: Prose
    default: bool | int | str = Field(description="Conservative: it makes no local rule fire.")
    values: list[Name] = Field([], description="The values of an enum.")
    values_from: Literal["tasks"] | None = Field(None, description="The enum of all task types.")
    min: int | None = None
    max: int | None = None
    unit: str = ""
    evidence: Literal["uses", "acceptance_percent", "gain", "repetitions"] | None = Field(
        None, description="Filled from what is known of the ensemble that would run, or of the log."
    )
    cost: Annotated[int, Field(ge=1, le=1000)] = Field(
        1, description="What finding it out costs, against other facts."
    )
    weights: dict[str, Annotated[int, Field(ge=1, le=1_000_000_000)]] = Field(
        {},
        description="How often its values are met, against each other: of an enum or boolean by"
        " value, of an integer by intervals such as `0..7999`; `*` is the rest together.",
    )
    mask: bool = Field(
        default=False, description="Its value is never written into the log of decisions."
    )
    confidence_of: FactRef | None = Field(
        None, description="Filled with how sure the derivation of this fact is, in percent."
    )
    signals: list[SignalDoc] = []


class InvariantDoc(Doc):
    """What holds for every task, so that no analysis considers anything else."""

    when: When = Field(description="Wherever this holds, as in a rule,")
    then: When = Field(description="this holds too.")
    reason: Prose | None = None


class FactsDoc(FileDoc):
    """policy/facts.toml: everything that a rule may look at."""

    facts: dict[FactName, FactDoc]
    invariant: list[InvariantDoc] = []


class TaskDoc(Doc):
    description: Prose
    examples: list[Prose] = []
    counter_examples: list[Prose] = Field([], description="Near it, but of another type.")
    limits: list[Prose] = Field([], description="Where small models stop being good at it.")
    signals: list[SignalDoc] = []


class ConfidenceDoc(Doc):
    percent: list[Annotated[int, Field(ge=0, le=100)]] = Field(
        [],
        description="How often a derived task type is right, by the lead of its weight: 0, 1, …",
    )


class TasksDoc(FileDoc):
    """policy/tasks.toml: task types; a dot makes a child (`summarization.document_review`)."""

    confidence: ConfidenceDoc = ConfidenceDoc()
    tasks: dict[TaskId, TaskDoc]


class RuleDoc(Doc):
    id: Name
    when: When = Field(
        description="Per fact a value, a list of values or operators; `any` and `not` combine."
    )
    route: Literal["local", "ask", "claude"]
    reason: Prose | None = None
    ensemble: EnsembleRef | None = Field(
        None, description="Always this ensemble, not the best one."
    )
    ask: FactRef | None = Field(None, description="The fact that an `ask` rule needs.")
    on_failure: Literal["claude", "ask"] = Field(
        "claude", description="Who gets the task when the output fails a check."
    )
    overrides: list[RuleRef] = Field(
        [], description="Later, more careful rules before which this one stands on purpose."
    )


class FloorDoc(Doc):
    """Whatever the rules say: for these tasks nothing but these outcomes."""

    id: Name
    when: When = Field(description="For which tasks, as in a rule.")
    allows: Annotated[
        list[Literal["local", "compose", "prepare", "ask", "claude"]], Field(min_length=1)
    ] = Field(description="The outcomes that these tasks may have.")
    reason: Prose


class DefaultDoc(Doc):
    route: Literal["claude"]
    reason: Prose


class PlanningDoc(Doc):
    """How `route --plan` takes a task apart, and what it then makes of the parts."""

    verbs: list[Prose] = Field([], description="Words with which an order begins.")
    joints: list[Prose] = Field([], description="What may stand between two orders.")
    each: list[Prose] = Field([], description="Words that ask for every item by itself.")
    scripts: list[Prose] = Field([], description="Work that needs no model.")
    repetitions: Annotated[int, Field(ge=1)] = Field(
        3, description="Making an ensemble is proposed from so many expected uses on."
    )
    prepare: list[TaskRef] = Field(
        [], description="Task types for which Claude may be handed a brief of the documents."
    )
    prepare_tokens: Annotated[int, Field(ge=0)] = Field(
        4000, description="Tokens of the documents from which a brief pays."
    )
    brief_tokens: Annotated[int, Field(ge=0)] = Field(1000, description="What a brief takes.")
    brief: TemplateRef = Field("brief", description="The template that makes it.")


class RoutingDoc(FileDoc):
    """policy/routing.toml: the ordered rules; the first that holds decides."""

    inherit: bool = Field(
        default=False, description="Whether the rules of the layer above follow behind these."
    )
    rule: list[RuleDoc]
    default: DefaultDoc
    composition: CompositionDoc = CompositionDoc()
    delegation: DelegationDoc = DelegationDoc()
    planning: PlanningDoc = PlanningDoc()
    floor: list[FloorDoc] = []


class GateDoc(Doc):
    good: Annotated[int, Field(ge=1)] = Field(description="Good evaluations of this very text.")
    distinct_inputs: Annotated[int, Field(ge=1)] = Field(
        1, description="Different inputs that the good evaluations come from."
    )
    assessment: bool = Field(
        default=True,
        description="Whether somebody must have answered the rubric `generality` for this text.",
    )
    signature: bool = Field(
        default=False, description="Whether only a signature over the plan counts as a yes."
    )


class PromotionDoc(FileDoc):
    """policy/promotion.toml: what a tier demands."""

    to_global: GateDoc = Field(alias="global")
    to_library: GateDoc = Field(alias="library")


class LoraDoc(Doc):
    poor: Annotated[int, Field(ge=2)] = Field(description="Poor verdicts with one failure mode.")


class ProposalsDoc(Doc):
    """What a proposal must rest on."""

    judged: Annotated[int, Field(ge=5)] = Field(
        20, description="Judged tasks that a moved bound would decide otherwise, at least."
    )
    acceptance_percent: Annotated[int, Field(ge=1, le=99)] = Field(
        80, description="What local work must reach, by the nearer end of its interval."
    )
    step_percent: Annotated[int, Field(ge=1, le=100)] = Field(
        50, description="How far a bound moves at once, at most, of its value."
    )
    occurrences: Annotated[int, Field(ge=1)] = Field(
        3, description="How often something happens before it is told."
    )


class DatasetsDoc(Doc):
    """How much a dataset must hold before it is written: distinct inputs."""

    sft: Annotated[int, Field(ge=2)] = 100
    dpo: Annotated[int, Field(ge=2)] = 50
    kto: Annotated[int, Field(ge=2)] = 100
    judge: Annotated[int, Field(ge=2)] = 300
    routing: Annotated[int, Field(ge=2)] = 30


class LearningDoc(FileDoc):
    """policy/learning.toml: what evidence it takes before anything is proposed or exported."""

    lora_candidate: LoraDoc
    proposals: ProposalsDoc = ProposalsDoc()
    datasets: DatasetsDoc = DatasetsDoc()


class RegionDoc(Doc):
    when: When | None = Field(None, description="Which tasks, as in a rule; without it all.")
    up_to: Literal["ask", "prepare", "compose", "local"] = Field(
        description="The riskiest outcome that a layer below may decide there."
    )
    reason: Prose


class LayersDoc(FileDoc):
    """policy/layers.toml of an organisation: what a workspace below it may loosen."""

    values: list[Prose] = Field(
        [], description="Values such as `sampling.rate`; `*` stands for any part of a name."
    )
    region: list[RegionDoc] = []


class CaseDoc(Doc):
    name: Prose
    text: Prose | None = None
    facts: Given = {}
    outcome: Literal["local", "compose", "prepare", "ask", "claude"]
    rule: RuleRef | None = None


class CasesDoc(FileDoc):
    """policy/cases/*.yaml: tasks and what the policy must decide about them."""

    cases: list[CaseDoc]
