"""The tools: what a model reads about them. Few and short, because it reads them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conductor.core.evaluation import Verdict
from conductor.core.tier import Tier
from conductor.mcp.arguments import Parameter

INSTRUCTIONS = (
    "conductor sends bounded, mechanical tasks to small local models by a policy that people"
    " wrote. Call route first. If it says local, call run with its ensemble; look at the output;"
    " if the run is due, call record_verdict. Anything else you do yourself. Promotion is the"
    " user's decision: promotion_plan shows, promote_apply asks them."
)

_DETAIL = Parameter(name="detail", kind="boolean", means="The whole answer.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One verb. `loaded` keeps its schema in context; `person` makes the client ask somebody."""

    name: str
    does: str
    parameters: Sequence[Parameter] = ()
    reads: bool = False  # it changes nothing
    loaded: bool = False
    person: bool = False


TOOLS = (
    Tool(
        name="route",
        does="Decide who does a task: local, compose, prepare, ask or claude.",
        parameters=(
            Parameter(name="task", means="The task in the user's words.", required=True),
            Parameter(name="facts", kind="object", means="What you know, by fact name."),
            Parameter(name="file", means="The document it is about, in this workspace."),
            _DETAIL,
        ),
        reads=True,
        loaded=True,
    ),
    Tool(
        name="find",
        does="Find ensembles for a need, best first.",
        parameters=(
            Parameter(name="need", required=True),
            Parameter(name="task", means="Task type, if known."),
            Parameter(name="limit", kind="integer", means="How many, 5 if not said."),
            _DETAIL,
        ),
        reads=True,
    ),
    Tool(
        name="run",
        does="Run an ensemble on local models; takes 30-60 s. A long output comes as a file.",
        parameters=(
            Parameter(name="ensemble", required=True),
            Parameter(name="input", means="The text to work on,"),
            Parameter(name="file", means="or the file in this workspace that has it."),
            Parameter(name="decision", means="`decision` of route's answer."),
            _DETAIL,
        ),
    ),
    Tool(
        name="record_verdict",
        does="Judge a run that is due. Reason first: what in the output decides?",
        parameters=(
            Parameter(name="run", required=True),
            Parameter(
                name="criteria",
                kind="object",
                means="Per criterion of run's answer: evidence (quotes), reasoning, answer.",
            ),
            Parameter(name="reasoning", required=True),
            Parameter(name="failure_mode", means="Only of a poor output."),
            Parameter(name="verdict", required=True, choices=tuple(Verdict)),
            _DETAIL,
        ),
        loaded=True,
    ),
    Tool(
        name="report",
        does="Show uses, verdicts, net savings, and runs that wait to be judged.",
        parameters=(_DETAIL,),
        reads=True,
    ),
    Tool(
        name="promotion_plan",
        does="Plan an ensemble's promotion; writes nothing. A plan holds for ten minutes.",
        parameters=(
            Parameter(name="ensemble", required=True),
            Parameter(name="to", required=True, choices=(Tier.GLOBAL, Tier.LIBRARY)),
            _DETAIL,
        ),
        reads=True,
    ),
    Tool(
        name="promote_apply",
        does="Ask the person whether to carry out a plan, and do what they say.",
        parameters=(
            Parameter(name="digest", means="Of the plan.", required=True),
            _DETAIL,
        ),
        person=True,
    ),
    Tool(
        name="notice",
        does="For hooks: what waits for somebody; empty if nothing does.",
        reads=True,
    ),
)
BY_NAME = {tool.name: tool for tool in TOOLS}
