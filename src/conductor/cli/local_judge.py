"""`conductor evaluate --judge local:NAME`: a local judge, run by run."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from conductor.app import wire
from conductor.cli import show
from conductor.cli.fetching import fetched_model
from conductor.core.evaluation import LOCAL
from conductor.core.run import short_id
from conductor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conductor.app.local_judge import LocalJudge, Told
    from conductor.app.project import Project
    from conductor.app.takeover import Standing
    from conductor.core.run import Run


def judge_locally(
    project: Project, named: str, run_id: str, *, pending: bool, as_json: bool
) -> int:
    """Ask a local judge, and say what its word is worth; 1 when it could not judge a run."""
    from conductor.app import local_judge as app
    from conductor.app.takeover import settle_judge

    judge = find(project, named)
    runs = _runs(project, judge, run_id, pending=pending)
    if runs:
        show.say(_forecast(judge, len(runs)))
    told = []
    for one in app.judge_runs(project, judge, runs) if runs else ():
        told.append(one)
        if not as_json:
            show.result(_line(one))
    standing = settle_judge(project, judge.name)
    refused = [one for one in told if one.evaluation is None]
    if as_json:
        done = [one.evaluation for one in told if one.evaluation]
        show.document(
            {
                **wire.evaluations(done),
                "refused": [{"run": one.run.id, "why": one.why} for one in refused],
                "judge": document(standing),
            }
        )
    else:
        show.say("\n".join(lines(standing)))
        show.say(f"next: conductor judge calibrate --judge {standing.judge}")
    return int(bool(refused))


def find(project: Project, named: str) -> LocalJudge:
    """Find a judge; fetches the embedded model first, because the judge's name depends on it."""
    from conductor.app.local_judge import find_judge
    from conductor.app.run import prepare

    if not named.removeprefix(LOCAL):
        raise UsageError("nobody says which local judge", hint=f"write `{LOCAL}NAME`")
    ensemble = named.removeprefix(LOCAL).partition("@")[0]
    fetched_model(project, prepare(project, ensemble).needs_embedded)
    return find_judge(project, named)


def lines(standing: Standing) -> list[str]:
    """Say where a local judge stands, and why."""
    seen = standing.canaries
    low, high = seen.interval_percent
    told = [f"{standing.judge} {_WORTH[standing.state]}: {standing.reason}"]
    if seen.planted:
        told.append(
            f"  canaries: {seen.found} of {seen.planted} planted poor outputs found"
            f" (95 % interval {low}-{high} %)"
        )
    return told


def document(standing: Standing) -> Mapping[str, object]:
    interval = list(standing.canaries.interval_percent)
    canaries = {**asdict(standing.canaries), "interval_percent": interval}
    return {
        "name": standing.judge,
        "state": str(standing.state),
        "reason": standing.reason,
        "canaries": canaries,
    }


_WORTH = {
    "candidate": "is a candidate, whose verdicts do not count",
    "routine": "judges alone",
    "disabled": "is disabled, and its verdicts do not count",
}


def _runs(project: Project, judge: LocalJudge, run_id: str, *, pending: bool) -> list[Run]:
    from conductor.app import local_judge as app
    from conductor.app.evaluate import find_run

    if run_id:
        run = find_run(project, run_id)
        if not app.suits(project, judge, run):
            raise UsageError(
                f"run `{run.id}` is not judged by the rubric `{judge.rubric.name}`",
                hint="make a judge for its rubric: `conductor new-ensemble NAME --template judge`",
            )
        return [run]
    work = app.work_for(project, judge)
    if not work:
        show.say(f"nothing is left for {judge.name}: it judged all that its rubric is for")
    return work if pending else work[-1:]


def _forecast(judge: LocalJudge, count: int) -> str:
    prediction = judge.prepared.prediction.times(count)
    runs = show.plural(count, "run")
    return (
        f"asking {judge.name} about {runs}, which may take {prediction.span} ({prediction.basis})"
    )


def _line(one: Told) -> str:
    run, done = one.run, one.evaluation
    said = str(done.verdict) if done else f"not judged: {show.safe(one.why)}"
    return f"{run.ensemble}  {short_id(run.id)}  {said}"
