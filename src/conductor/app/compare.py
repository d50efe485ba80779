"""`ensembles compare`: an ensemble and a rival on the same golden inputs.

A comparison is no use of an ensemble: it leaves no row in the ledger, and is nothing to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from conductor.app.build import compiled, refuse, sources
from conductor.app.ensembles import Loaded, document_of, with_closure
from conductor.app.examples import EXAMPLES, golden
from conductor.app.project import Project
from conductor.app.run import Prepared, invocation, outside, plan_of, prepare, prepared
from conductor.compiler import form as forms
from conductor.compiler.render import profile_name
from conductor.core.capability import classes
from conductor.core.checks import check_output, tolerated
from conductor.core.closure import Shelf, agents_of, close
from conductor.core.contest import Contest, Pair, Trial
from conductor.core.examples import Example, asked, unmet
from conductor.core.execution import Binding, Document, Progress
from conductor.core.ports import Runner
from conductor.core.prediction import Prediction
from conductor.core.rival import Alone, alone
from conductor.errors import OutsideError, UsageError

SINGLE = "single"  # the template; any other rival is an ensemble's name
_OWN = "single-model"  # the rendered rival, which is written nowhere
_KEPT = ("task", "task_type", "output", "checks")  # what both are held to


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What is about to be compared. `instruction` is empty where the rival is an ensemble."""

    ours: Prepared
    theirs: Prepared
    rival: str
    instruction: str
    examples: tuple[Example, ...]

    @property
    def needs_embedded(self) -> bool:
        return self.ours.needs_embedded or self.theirs.needs_embedded

    @property
    def prediction(self) -> Prediction:
        """Predict how long all of it takes."""
        return self.ours.prediction.then(self.theirs.prediction).times(len(self.examples))


# Called before each run with its side's name and the number of the input, from 1; gives what
# is told of the run's progress.
Watch = Callable[[str, int], Callable[[Progress], None]]


def plan(project: Project, name: str, against: str, instruction: str = "") -> Match:
    """Find inputs and rival; raises UsageError or SourceError. Nothing has run then."""
    ours = prepare(project, name)
    examples = golden(project.root, name)
    if not examples:
        hint = f"write one as {EXAMPLES}/{name}/CASE.yaml: docs/ensembles.md shows its form"
        raise UsageError(f"`{name}` has no golden example to compare on", hint=hint)
    if against == name:
        raise UsageError(f"`{name}` cannot be compared with itself", hint=f"use `{SINGLE}`")
    if against != SINGLE:
        theirs, instruction = prepare(project, against), ""
    else:
        order = _order(project, ours.loaded, instruction)
        theirs, instruction = prepared(project, _single(project, ours, order)), order.instruction
    return Match(
        ours=ours,
        theirs=theirs,
        rival=against,
        instruction=instruction,
        examples=tuple(examples),
    )


def execute(project: Project, match: Match, watch: Watch) -> Contest:
    """Run both sides on every input, taking turns in who begins.

    Raises OutsideError when engine or server fail, or when no input came through on both sides.
    """
    sides = [(match.ours.loaded.name, match.ours), (match.rival, match.theirs)]
    pairs = []
    with outside(project, {**match.ours.bound, **match.theirs.bound}) as (runner, bound):
        for number, example in enumerate(match.examples, 1):
            trials = {
                name: _trial(project, runner, bound, one, example, watch(name, number))
                for name, one in (sides if number % 2 else reversed(sides))
            }
            ours, theirs = (trials[name] for name, _ in sides)
            pairs.append(Pair(example=example.name, ours=ours, theirs=theirs))
    contest = Contest(ensemble=match.ours.loaded.name, rival=match.rival, pairs=tuple(pairs))
    if not contest.counted:
        first = pairs[0]
        raise OutsideError(first.ours.failure or first.theirs.failure)
    return contest


def _trial(
    project: Project,
    runner: Runner,
    bound: Mapping[str, Binding],
    one: Prepared,
    example: Example,
    on_progress: Callable[[Progress], None],
) -> Trial:
    """Run once. What conductor's own checks turn down would not be used: it meets nothing."""
    places = {name: bound[name] for name in one.bound}
    request = invocation(project, plan_of(project, one, example.input), places)
    outcome = runner.invoke(request, on_progress)
    material = one.loaded.material(example.input, outcome)
    turned_down = [one for one in check_output(material) if not one.passed]
    missed = [f"{one.name}: {one.detail}" for one in turned_down] or [
        *unmet(example.holds, outcome.output),
        *unmet(example.good, outcome.output),
    ]
    count = asked(example.holds) + asked(example.good)
    return Trial(
        met=0 if turned_down else count - len(missed),
        asked=count,
        unmet=tuple(missed),
        tokens=outcome.input_tokens + outcome.output_tokens,
        seconds=outcome.seconds,
        failure="" if tolerated(material) else outcome.error,
    )


def _order(project: Project, loaded: Loaded, instruction: str) -> Alone:
    """Put the ensemble's work into one order, in the words of `instruction` if there are any."""
    every = classes(project.sections["models"]["classes"])
    strongest = [profile_name(one.name) for one in every]
    try:
        order = alone(loaded.document, loaded.children, strongest)
    except ValueError as error:
        hint = "compare it with another ensemble: `--against NAME`"
        message = f"there is no single model to compare `{loaded.name}` with: {error}"
        raise UsageError(message, hint=hint) from error
    return replace(order, instruction=instruction) if instruction else order


def _single(project: Project, ours: Prepared, order: Alone) -> Loaded:
    """Render the template with the order, on the profile and under the checks of the ensemble."""
    form = forms.form(sources(project.root), SINGLE)
    values, _ = form.complete({"instruction": order.instruction})
    about = ours.loaded.document
    spec = form.spec({**values, "description": str(about.get("description") or _OWN), "task": ""})
    result = compiled(project.root, {f"registry/specs/{_OWN}.toml": spec})
    refuse(result)
    path = f"registry/ensembles/{_OWN}.yaml"
    document = _like(document_of(path, result.files[path]), order, about)
    shelf = Shelf(profiles={order.profile: ours.loaded.profiles[order.profile]})
    return with_closure(_OWN, document, close(_OWN, document, shelf), shelf)


def _like(rendered: Document, order: Alone, about: Document) -> Document:
    """Give the single agent the profile, the room and the form that the ensemble's answer has."""
    (agent,) = agents_of(rendered)
    form = {"response_format": order.schema} if order.schema else {}
    room = {"max_tokens": order.max_tokens} if order.max_tokens else {}
    block = about.get("x-conductor")
    kept = {key: block[key] for key in _KEPT if key in block} if isinstance(block, dict) else {}
    agents = [{**agent, **room, **form, "model_profile": order.profile}]
    return {**rendered, "agents": agents, "x-conductor": kept}
