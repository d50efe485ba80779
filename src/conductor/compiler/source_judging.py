"""The documents about judging: which runs are judged, and by which rubric."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from conductor.compiler.doc import Doc, FileDoc, Name, Prose
from conductor.compiler.refs import TaskRef

LOCAL_JUDGE = r"^local:[A-Za-z0-9][A-Za-z0-9_-]{0,127}@[0-9a-f]{8}$"  # one form of one ensemble
VerdictName = Literal["poor", "acceptable", "good"]


class EstablishedDoc(Doc):
    uses: Annotated[int, Field(ge=1)] = Field(description="More than so many.")
    acceptance_percent: Annotated[int, Field(ge=1, le=99)] = Field(description="More than this.")
    test: Literal["plain", "anytime"] = Field(
        "plain",
        description="`plain` compares the share as it looks now; `anytime` cannot be passed by"
        " looking often.",
    )
    error_percent: Annotated[int, Field(ge=1, le=20)] = Field(
        5, description="How often `anytime` may be wrong, however often one looks."
    )


class DriftDoc(Doc):
    """When an established ensemble goes back to calibration."""

    normal_percent: Annotated[int, Field(ge=1, le=98)] = Field(
        5, description="Of the uses: a failed check or a complaint that is nothing special."
    )
    drifted_percent: Annotated[int, Field(ge=2, le=99)] = Field(
        20, description="Of the uses: so many are a change."
    )
    false_alarm_uses: Annotated[int, Field(ge=10)] = Field(
        100, description="Without a change, an alarm comes later than this on average."
    )


class TypesDoc(Doc):
    """When what an ensemble did of one task type counts by itself."""

    judged: Annotated[int, Field(ge=1)] = Field(
        10, description="Judged runs of the type, at least; below, those of its parent count."
    )


class HandoverDoc(Doc):
    """What a judge must show, against people, before a person may let it judge alone."""

    judged: Annotated[int, Field(ge=30)] = Field(300, description="Runs that people judged too.")
    poor: Annotated[int, Field(ge=10)] = Field(45, description="Of them poor, by the people.")
    kappa_percent: Annotated[int, Field(ge=1, le=99)] = Field(
        60, description="Lower end of the interval of the weighted kappa."
    )
    recall_percent: Annotated[int, Field(ge=1, le=99)] = Field(
        70, description="Lower end of the interval of the share of poor ones that it finds."
    )
    canary_percent: Annotated[int, Field(ge=1, le=50)] = Field(
        10, description="Of its judgements: so often a planted poor output is judged as well."
    )
    audit_percent: Annotated[int, Field(ge=1, le=50)] = Field(
        10, description="Of the runs that wait: left to people, to go on comparing it with them."
    )
    judges: list[Annotated[str, Field(pattern=LOCAL_JUDGE)]] = Field(
        [], description="Local judges that a person lets judge alone, as `judge calibrate` says."
    )


class SamplingDoc(FileDoc):
    """policy/sampling.toml: which runs are judged."""

    calibration_uses: Annotated[int, Field(ge=1)]
    rate: Annotated[float, Field(ge=0.10, le=0.20)]
    audit_rate: Annotated[float, Field(ge=0.0, le=0.20)] = Field(
        0.0, description="Of the uses of an established ensemble."
    )
    established: EstablishedDoc
    types: TypesDoc = TypesDoc()
    drift: DriftDoc = DriftDoc()
    handover: HandoverDoc = HandoverDoc()


class AnchorsDoc(Doc):
    poor: Prose
    acceptable: Prose
    good: Prose


class CriterionDoc(Doc):
    """One question of a rubric, answered `met`, `partly` or `missed`."""

    question: Prose
    partly: VerdictName = Field("acceptable", description="The best verdict that `partly` leaves.")
    missed: VerdictName = Field("poor", description="The best verdict that `missed` leaves.")


class JudgedExampleDoc(Doc):
    """A judgement that shows where a line is drawn."""

    input: Prose
    output: str
    reasoning: Prose
    failure_mode: Name | None = None
    verdict: VerdictName


class RubricDoc(FileDoc):
    """policy/rubrics/*.yaml: what a judge answers, reasoning before verdict."""

    name: Name
    question: Prose
    tasks: list[TaskRef] = Field(
        [], description="The task types, with their children, whose outputs it judges."
    )
    verdicts: AnchorsDoc
    criteria: dict[Name, CriterionDoc] = Field(
        {}, description="The verdict is the worst of what the answers leave."
    )
    failure_modes: dict[Name, Prose]
    examples: list[JudgedExampleDoc] = []
