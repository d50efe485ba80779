"""`run`: predict, execute through the engine, check, record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from conductor.adapters import clock, machine
from conductor.app.compile import compile_workspace
from conductor.app.ensembles import Loaded, bindings, is_here, load, on_server
from conductor.app.log import task_of
from conductor.app.project import Project
from conductor.app.record import Attempt, Plan, models_of, record
from conductor.app.settings import EMBEDDED
from conductor.app.standings import read_standings
from conductor.core.checks import check_output, tolerated
from conductor.core.decide import decide
from conductor.core.execution import Binding, Document, Invocation, Progress
from conductor.core.lineage import lineage
from conductor.core.policy import PREPARE, TASK
from conductor.core.ports import Runner
from conductor.core.prediction import Prediction, predict
from conductor.core.run import Run
from conductor.core.signals import Input
from conductor.core.tokens import estimate
from conductor.errors import OutsideError, SourceError, UsageError

_HISTORY = 200  # runs that a prediction looks at


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    run: Run
    output: str
    on_failure: str  # who gets the task when a check failed, as the policy says
    predicted: str = ""  # the span that was told before
    recorded_at: str = ""  # UTC; of a replay only: nothing ran, and nothing is in the ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An ensemble that is loaded, bound and predicted: what its runs have in common."""

    loaded: Loaded
    bound: Mapping[str, Binding]
    prediction: Prediction

    @property
    def needs_embedded(self) -> bool:
        return any(one.provider == EMBEDDED for one in self.bound.values())

    @property
    def bound_digest(self) -> str:
        return self.loaded.closure.bound_digest(self.bound)


def plan(project: Project, name: str, text: str, *, decision_id: str = "") -> Plan:
    """Load, decide and predict; raises UsageError or SourceError. Nothing has run then."""
    if not text.strip():
        hint = "give a text to work on: a model makes one up where there is none"
        raise UsageError("the input is empty", hint=hint)
    if decision_id and not clock.is_id(decision_id):
        hint = "give the `decision` of what `route` answered, or none"
        raise UsageError(f"`{decision_id}` is no id of a decision", hint=hint)
    return plan_of(project, prepare(project, name), text, decision_id=decision_id)


def prepare(project: Project, name: str) -> Prepared:
    """Load what runs under a name; raises UsageError or SourceError."""
    _compile(project.root)
    return prepared(project, load(project.root, name))


def prepared(project: Project, loaded: Loaded) -> Prepared:
    """Bind and predict what is loaded; raises SourceError for what it wrongly declares."""
    _ = loaded.expected  # what it declares is wrong before it runs, not after
    bound = with_embedded(project, bindings(loaded, project.settings))
    digest = loaded.closure.bound_digest(bound)
    past = project.ledger.runs(limit=_HISTORY)
    slower = machine.slowdown() if any(map(is_here, bound.values())) else 1.0
    return Prepared(
        loaded=loaded,
        bound=bound,
        prediction=predict(loaded.document, digest, models_of(bound), past, slowdown=slower),
    )


def plan_of(project: Project, prepared: Prepared, text: str, *, decision_id: str = "") -> Plan:
    """Decide about one input of a prepared ensemble."""
    task = _finest(project, prepared.loaded.task, decision_id)
    decision = decide(
        project.policy,
        given={TASK: task} if task else {},
        inputs=[Input("input", estimate(text))],
        standings=read_standings(project.root, lambda _: None),
    )
    if prepared.loaded.template == project.sections["planning"]["brief"]:
        decision.outcome = PREPARE  # Claude judges what comes out: both are one task
    return Plan(
        run_id=project.new_id(),
        loaded=prepared.loaded,
        task=task,
        input=text,
        bound=prepared.bound,
        decision=decision,
        decision_id=decision_id,
        prediction=prepared.prediction,
    )


def _finest(project: Project, task: str, decision_id: str) -> str:
    """Give the type that the decision named, where it is a child of the ensemble's own."""
    named = task_of(project.root, decision_id) if decision_id and task else ""
    return named if task in lineage(named) else task


def execute(project: Project, plan: Plan, on_progress: Callable[[Progress], None]) -> Finished:
    """Run it and write the ledger's row, whatever happens.

    Raises OutsideError when engine, server, model or an agent failed, KeyboardInterrupt when
    somebody interrupted: both after the row is written.
    """
    attempt = Attempt(plan=plan, began=clock.stopwatch())
    try:
        with outside(project, plan.bound) as (runner, bound):
            attempt.engine, attempt.engine_version = runner.name, runner.version
            attempt.outcome = runner.invoke(invocation(project, plan, bound), on_progress)
    except OutsideError as error:
        record(project, attempt, error.message)
        raise
    except KeyboardInterrupt:
        attempt.interrupted = True
        record(project, attempt, "interrupted")
        raise
    finished = finish(project, attempt)
    if finished.run.error:
        raise OutsideError(finished.run.error, hint=f"the run is recorded as {finished.run.id}")
    return finished


def finish(project: Project, attempt: Attempt) -> Finished:
    """Check what came out and write the ledger's row; its `error` says whether agents failed."""
    plan, outcome = attempt.plan, attempt.outcome
    if outcome is None:
        raise ValueError("an attempt without an outcome has nothing to check")
    material = plan.loaded.material(plan.input, outcome)
    attempt.checks = check_output(material)
    run = record(project, attempt, "" if tolerated(material) else outcome.error)
    return Finished(
        run=run,
        output=outcome.output,
        on_failure=plan.decision.on_failure,
        predicted=plan.prediction.span,
    )


@contextmanager
def outside(
    project: Project, bound: Mapping[str, Binding]
) -> Iterator[tuple[Runner, Mapping[str, Binding]]]:
    """Start the engine, and the model server where one is needed, at the same time."""
    embedded = any(one.provider == EMBEDDED for one in bound.values())
    with ExitStack() as stack:
        # The pool ends before the stack unwinds: whatever it still started is stopped as well.
        with ThreadPoolExecutor(max_workers=1) as pool:
            starting = (
                pool.submit(lambda: stack.enter_context(project.open_server()))
                if embedded
                else None
            )
            runner = stack.enter_context(project.open_runner())
            server = starting.result() if starting else None
        if server:
            bound = on_server(
                bound,
                EMBEDDED,
                model=server.model,
                model_digest=server.model_digest,
                base_url=server.base_url,
            )
        yield runner, bound


def invocation(project: Project, plan: Plan, bound: Mapping[str, Binding]) -> Invocation:
    """Give the engine everything, so that what runs is what was digested."""
    loaded = plan.loaded
    return Invocation(
        ensemble=loaded.document,
        input=plan.input,
        children=loaded.children,
        profiles={name: _bind(loaded.profiles[name], one) for name, one in bound.items()},
        scripts=loaded.scripts,
        text_digest=loaded.closure.text_digest,
        timeout_seconds=float(project.settings.timeout_seconds),
    )


def _bind(profile: Document, binding: Binding) -> Document:
    """Give the profile the model that it has on this machine."""
    # The engine knows no `embedded`: it is a server like any other.
    provider = "openai-compatible" if binding.provider == EMBEDDED else binding.provider
    bound = {**profile, "provider": provider, "model": binding.model}
    return {**bound, "base_url": binding.base_url} if binding.base_url else bound


def with_embedded(project: Project, bound: Mapping[str, Binding]) -> dict[str, Binding]:
    """Name the embedded model already: its weights are known before its server runs."""
    model = project.embedded
    if model is None:
        return dict(bound)
    return on_server(bound, EMBEDDED, model=model.name, model_digest=model.digest, base_url="")


def _compile(root: str) -> None:
    """Bring what the engine reads up to date with its sources."""
    done = compile_workspace(root)
    if done.failed:
        first = next(one for one in done.findings if one.level == "error")
        raise SourceError(first.message, at=str(first.at), hint=first.hint)
