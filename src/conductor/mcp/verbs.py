"""The verbs as tools call them: checked arguments in, the answer of `--json` out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from conductor.adapters import files, inside
from conductor.app import discovery, wire
from conductor.app import evaluate as judging
from conductor.app import report as reporting
from conductor.app import run as running
from conductor.app.route import Router, answer
from conductor.app.wire import Json
from conductor.core.evaluation import CLAUDE
from conductor.core.facts import DEFAULT
from conductor.core.policy import LOCAL
from conductor.core.quotes import Texts
from conductor.core.run import short_id
from conductor.errors import Missing, OutsideError, UsageError
from conductor.formats.report.document import document
from conductor.mcp import brief, consent
from conductor.mcp.arguments import Given, check
from conductor.mcp.brief import fit, pick
from conductor.mcp.call import Call
from conductor.mcp.notice import notice
from conductor.mcp.session import Session
from conductor.mcp.tools import BY_NAME

_LIMIT = 5


def perform(session: Session, name: str, given: Given, call: Call) -> Json:
    """Answer one call of a tool; raises ConductorError with the sentence the command line has."""
    tool = BY_NAME[name]
    check(tool.parameters, given)
    whole = wire.answer(_VERBS[name](session, given, call))
    return whole if given.get("detail") else fit({**wire.FORMAT, **_BRIEFS[name](session, whole)})


def _route(session: Session, given: Given, call: Call) -> Json:
    router = Router(session.folder, log=True, say=lambda _: None)
    inputs = [_file(session, given)] if given.get("file") is not None else []
    facts = given.get("facts") or {}
    decision, logged = router.decide(str(given["task"]), facts, inputs)  # type: ignore[arg-type]
    return answer(decision, logged)


def _find(session: Session, given: Given, call: Call) -> Json:
    result = discovery.search(session.folder, str(given["need"]), str(given.get("task") or ""))
    limit = given.get("limit")
    return wire.search(result, limit if isinstance(limit, int) else _LIMIT)


def _run(session: Session, given: Given, call: Call) -> Json:
    text = _input(session, given)
    name, decision = str(given["ensemble"]), str(given.get("decision") or "")
    session.calls.add(call.called_off)
    try:
        with session.running, session.project(call.called_off) as project:
            plan = running.plan(project, name, text, decision_id=decision)
            finished = running.execute(project, plan, call.report)
    except KeyboardInterrupt as error:
        raise OutsideError("the run was called off") from error
    finally:
        session.calls.discard(call.called_off)
    if finished.run.due:
        session.remember(finished.run.id, Texts(input=text, output=finished.output))
    return wire.finished(finished)


def _record(session: Session, given: Given, call: Call) -> Json:
    # In the order in which the model wrote them: what comes before what is checked.
    record = {name: given[name] for name in given if name not in ("run", "detail")}
    with session.project() as project:
        run = judging.find_run(project, str(given["run"]))
        texts = session.texts.get(run.id, Texts())
        judged = judging.evaluate(project, run, record, judge=CLAUDE, texts=texts)
        return wire.evaluations([judged])


def _report(session: Session, given: Given, call: Call) -> Json:
    with session.project() as project:
        return document(reporting.report(project))


def _input(session: Session, given: Given) -> str:
    if (given.get("input") is None) == (given.get("file") is None):
        raise Missing("a run needs one input", hint="give `input` or `file`, not both")
    if given.get("input") is not None:
        return str(given["input"])
    path = _file(session, given)
    return files.read_text(path)


def _file(session: Session, given: Given) -> str:
    """Give the full path of a file that a model named, if it is a plain file of the workspace."""
    if not str(given["file"]).strip():
        raise UsageError("`file` is empty", hint="name a file of this workspace, or leave it out")
    root, relative = session.path(str(given["file"]))
    try:
        there = inside.read(root, relative, 0) is not None
    except inside.Escapes as error:
        raise UsageError(str(error), hint="name a plain file of this workspace") from error
    if not there:
        raise UsageError(f"there is no file `{given['file']}`", hint=f"paths start at {root}")
    return f"{root}/{relative}"


def _brief_route(session: Session, whole: Json) -> Json:
    """Keep what to do next; why, and from which facts, only where somebody may want to object."""
    kept = pick(
        whole, ("outcome", "ensemble", "template", "proposed", "rule", "errors", "decision")
    )
    if whole["confirm"]:
        kept["confirm"] = True
    if whole["outcome"] == LOCAL:
        return kept
    facts: Mapping[str, Mapping[str, object]] = whole["facts"]  # type: ignore[assignment]
    told = {name: fact for name, fact in facts.items() if fact["source"] != DEFAULT}
    known = {name: {"value": fact["value"]} for name, fact in told.items()}
    return {**kept, "reason": whole["reason"], "facts": known}


def _brief_find(session: Session, whole: Json) -> Json:
    names = ("name", "description", "task", "runnable", "obstacles", "evidence", "why")
    found = [pick(one, names) for one in _items(whole["ensembles"])]
    return {**pick(whole, ("task", "template", "total")), "ensembles": found}


def _brief_run(session: Session, whole: Json) -> Json:
    run: Json = whole["run"]  # type: ignore[assignment]
    run_id = str(run["id"])
    failed = [pick(one, ("name", "detail")) for one in _items(run["checks"]) if not one["passed"]]
    about = pick(run, ("id", "status", "seconds", "due"))
    short: Json = {"run": {**about, "checks": failed} if failed else about}
    following = []
    if failed:
        following.append("do the task yourself: a check turned the output down")
    if run["due"]:
        following.append(f"look at the output, then record_verdict of run {short_id(run_id)}")
        short["criteria"] = _criteria(session, run_id)
    if following:
        short["next"] = "; ".join(following)
    output = str(whole["output"])
    if brief.fits({**wire.FORMAT, **short, "output": output}):
        return {**short, "output": output}
    root = files.find_workspace(session.folder) or session.folder
    return {**short, "output_file": session.keep_output(root, run_id, output), "output": output}


def _criteria(session: Session, run_id: str) -> dict[str, str]:
    """Say what a judge of this run answers."""
    with session.project() as project:
        rubric = judging.rubric_of(project, judging.find_run(project, run_id))
    return {one.name: one.question for one in rubric.criteria}


def _brief_record(session: Session, whole: Json) -> Json:
    names = ("id", "run", "ensemble", "judge", "failure_mode", "verdict")
    return {"evaluations": [pick(one, names) for one in _items(whole["evaluations"])]}


def _brief_report(session: Session, whole: Json) -> Json:
    judged = ("judge", "judged", "good", "poor", "acceptance_percent", "interval_percent")
    lines = [
        {
            **pick(one, ("ensemble", "uses", "rejected")),
            "judges": [pick(tally, judged) for tally in _items(one["judges"])],
        }
        for one in _items(whole["ensembles"])
    ]
    savings = ("gross", "rework", "judging", "net", "succeeded", "rejected", "failed")
    short = pick(whole, ("pending", "decisions", "lora_candidates"))
    money = [pick(one, ("model", "shown", "least", "most")) for one in _items(whole["money"])]
    return {"savings": pick(whole["savings"], savings), "money": money, **short, "ensembles": lines}


def _items(value: object) -> list[Json]:
    return list(value) if isinstance(value, list | tuple) else []


_VERBS: Mapping[str, Callable[[Session, Given, Call], Json]] = {
    "route": _route,
    "find": _find,
    "run": _run,
    "record_verdict": _record,
    "report": _report,
    "promotion_plan": consent.plan,
    "promote_apply": consent.apply,
    "notice": notice,
}
_BRIEFS: Mapping[str, Callable[[Session, Json], Json]] = {
    "route": _brief_route,
    "find": _brief_find,
    "run": _brief_run,
    "record_verdict": _brief_record,
    "report": _brief_report,
    "promotion_plan": consent.brief_plan,
    "promote_apply": consent.brief_applied,
    "notice": lambda _, whole: whole,
}
