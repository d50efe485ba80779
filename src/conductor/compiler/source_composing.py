"""When delegating pays: what a task costs Claude, and what making an ensemble and calling it do."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from conductor.compiler.doc import Doc, TaskId
from conductor.compiler.refs import TaskRef, TemplateRef

_Tokens = Annotated[int, Field(ge=0)]


class EffortDoc(Doc):
    """What something takes of Claude, in tokens."""

    read: _Tokens
    written: _Tokens


class CostDoc(Doc):
    written_weight: Annotated[int, Field(ge=1)] = Field(
        5, description="A token that Claude writes costs as much as so many that it reads."
    )
    making: EffortDoc = Field(
        EffortDoc(read=0, written=0), description="Filling in the form and reading the draft."
    )
    judging: EffortDoc = Field(
        EffortDoc(read=0, written=0),
        description="One judgement of a first use, besides its input and output.",
    )


class CompositionDoc(Doc):
    tasks: list[TaskRef] = Field(
        [], description="Task types for which making a new ensemble pays, where none exists."
    )
    templates: dict[TaskId, TemplateRef] = Field(
        {}, description="The template to make it from; without a line, the first that suits."
    )
    cost: CostDoc = CostDoc()
    uses: dict[TaskId, EffortDoc] = Field(
        {}, description="What one use of a task type spares Claude; a child has its parent's."
    )


class DelegationDoc(Doc):
    """When a task is too small to delegate; `composition` has what a use of its type spares."""

    measured_uses: Annotated[int, Field(ge=1)] = Field(
        5, description="Uses of an ensemble, from which what they cost here counts."
    )
    unmeasured: _Tokens = Field(
        0,
        description="What delegating costs until then, in tokens that Claude reads; 0: unknown,"
        " so that no task is too small.",
    )
    within_input: list[TaskRef] = Field(
        [], description="Task types whose output is no longer than what it is made from."
    )
