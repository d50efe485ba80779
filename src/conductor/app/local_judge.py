"""Local judges: ensembles whose judgements are taken as strictly as those of Claude."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from conductor.app.canaries import Planting
from conductor.app.evaluate import evaluate, mistakes_in, rubric_of, texts_of
from conductor.app.feedback import complained, waiting
from conductor.app.project import Project
from conductor.app.record_file import read_record
from conductor.app.run import Prepared, invocation, outside, plan_of, prepare
from conductor.app.takeover import Standing, settle_judge
from conductor.core.evaluation import HUMAN, LOCAL, Evaluation, local_judge
from conductor.core.execution import Binding
from conductor.core.finding import Finding
from conductor.core.judgement import Judgement, read
from conductor.core.ports import Runner
from conductor.core.prompting import material
from conductor.core.quotes import Texts
from conductor.core.rubric import Rubric
from conductor.core.run import Run
from conductor.core.sampling import draw
from conductor.core.takeover import JudgeState
from conductor.errors import SourceError, UsageError

_SHOWN = 80  # characters of what is no record


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalJudge:
    name: str  # `local:ENSEMBLE@…`: with another prompt or model it is another judge
    prepared: Prepared
    rubric: Rubric
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of asking about one run: a judgement, or why there is none."""

    run: Run
    evaluation: Evaluation | None = None
    why: str = ""


def find_judge(project: Project, named: str) -> LocalJudge:
    """Find `local:NAME` in its present form, and work out what its word is worth.

    Raises UsageError or SourceError.
    """
    ensemble = named.removeprefix(LOCAL).partition("@")[0]
    prepared = prepare(project, ensemble)
    name = local_judge(ensemble, prepared.bound_digest)
    if "@" in named and named != name:
        message = f"`{named}` is another form of this judge, which is `{name}` now"
        raise UsageError(message, hint=f"write `{LOCAL}{ensemble}`")
    rubric_name, revision = prepared.loaded.judges
    if not rubric_name:
        hint = "make one: `conductor new-ensemble NAME --template judge`"
        raise UsageError(f"`{ensemble}` is no judge", hint=hint)
    rubric = project.judging.rubrics.get(rubric_name)
    if rubric is None or revision not in ("", rubric.revision):
        raise SourceError(
            f"`{ensemble}` judges by another revision of the rubric `{rubric_name}`",
            hint="render it anew from its spec: `conductor compile`",
        )
    standing = settle_judge(project, name, prepared.bound_digest)
    return LocalJudge(name=name, prepared=prepared, rubric=rubric, standing=standing)


def work_for(project: Project, judge: LocalJudge) -> list[Run]:
    """List what a judge has not judged: runs that wait, and those that people judged.

    The latter are what it is compared on. Complaints, and a share of what waits once it judges
    alone, are for people.
    """
    judged = project.ledger.evaluations()
    done = {one.run for one in judged if one.judge == judge.name}
    labelled = {
        one.run
        for one in judged
        if one.judge == HUMAN and one.rubric_revision == judge.rubric.revision
    }
    alone = judge.standing.state is JudgeState.ROUTINE
    audited = project.judging.handover.audit_percent if alone else 0
    due = [
        run
        for run in waiting(project)
        if not complained(run) and draw(f"audit {run.id}") * 100 >= audited
    ]
    known = {run.id for run in due}
    due += [run for name in labelled - known if (run := project.ledger.run(name))]
    mine = (run for run in due if run.id not in done and suits(project, judge, run))
    return sorted(mine, key=lambda run: run.id)


def suits(project: Project, judge: LocalJudge, run: Run) -> bool:
    """Tell whether a run is judged by the rubric of this judge."""
    return rubric_of(project, run).revision == judge.rubric.revision


def judge_runs(project: Project, judge: LocalJudge, runs: Sequence[Run]) -> Iterator[Told]:
    """Ask about one run after the other, and now and then about a planted one.

    Every judgement is in the ledger before it is told. Raises OutsideError when the engine fails.
    """
    planting = Planting(project, judge.name, judge.prepared, judge.rubric)
    with outside(project, judge.prepared.bound) as (runner, bound):
        for run in runs:
            yield _judged(project, judge, run, runner, bound)
            if planted := planting.canary(run.id):
                base, canary = planted
                seen = Texts(input=canary.input, output=canary.output)
                answer = _answer(project, judge, base, seen, runner, bound)
                said = _read(judge, answer, seen)
                if isinstance(said, Judgement):
                    planting.record(canary, said, runner.version)


def _judged(
    project: Project, judge: LocalJudge, run: Run, runner: Runner, bound: Mapping[str, Binding]
) -> Told:
    texts = texts_of(project, run)
    if not texts.whole:
        return Told(run=run, why="its texts were not kept")
    answer = _answer(project, judge, run, texts, runner, bound)
    if isinstance(answer, str):
        return Told(run=run, why=answer)
    if wrong := mistakes_in(project, run, answer, judge=judge.name, texts=texts):
        more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        return Told(run=run, why=f"{wrong[0]}{more}")
    done = evaluate(project, run, answer, judge=judge.name, texts=texts)
    return Told(run=run, evaluation=done)


def _answer(
    project: Project,
    judge: LocalJudge,
    run: Run,
    texts: Texts,
    runner: Runner,
    bound: Mapping[str, Binding],
) -> Mapping[str, object] | str:
    """Ask about a pair of texts; gives the record, or why there is none."""
    text = material(run, texts.input or "", texts.output or "")
    request = invocation(project, plan_of(project, judge.prepared, text), bound)
    outcome = runner.invoke(request, lambda _: None)
    if outcome.error:
        return f"the judge failed: {outcome.error}"
    answer = judge.prepared.loaded.material(text, outcome).answer
    parsed = read_record("its answer", answer)
    if isinstance(parsed, Finding) or not answer.startswith("{"):
        shown = " ".join(answer.split())[:_SHOWN]
        return f"this is no record of a judgement: {shown}"
    assert isinstance(parsed.data, dict)  # noqa: S101 - `read_record` refuses everything else
    return parsed.data


def _read(judge: LocalJudge, answer: Mapping[str, object] | str, texts: Texts) -> object:
    return (
        answer
        if isinstance(answer, str)
        else read(judge.rubric, answer, judge=judge.name, texts=texts)
    )
