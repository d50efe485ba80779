"""Values to rows and back, without loss."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, TypeVar

from conductor.core.entries import Artifact, Context, Entry
from conductor.core.evaluation import Evaluation, Verdict
from conductor.core.execution import AgentResult, AgentStatus
from conductor.core.run import Check, Run, RunStatus
from conductor.core.usage import Usage

Row = Mapping[str, Any]
EntryT = TypeVar("EntryT", bound=Entry)

_CONTEXT = tuple(field.name for field in fields(Context))
_NUL, _SHOWN = "\0", "\N{REPLACEMENT CHARACTER}"  # no text in PostgreSQL holds the first


def run_row(run: Run) -> dict[str, object]:
    row = {field.name: getattr(run, field.name) for field in fields(Run)}
    agents = [_without_output(agent) for agent in run.agents]
    changed = {
        "status": str(run.status),
        "models": _json(run.models),
        "checks": _json([asdict(check) for check in run.checks]),
        "agents": _json(agents),
        "due": int(run.due),
    }
    return storable(row | changed)


def storable(row: Mapping[str, object]) -> dict[str, object]:
    """Replace the one character that not every database takes."""
    return {
        name: value.replace(_NUL, _SHOWN) if isinstance(value, str) else value
        for name, value in row.items()
    }


def run_of(row: Row) -> Run:
    plain = dict(row)
    plain["status"] = RunStatus(plain["status"])
    plain["models"] = _models(plain["models"])
    plain["checks"] = tuple(Check(**check) for check in json.loads(plain["checks"]))
    plain["agents"] = tuple(_agent(agent) for agent in json.loads(plain["agents"]))
    plain["due"] = bool(plain["due"])
    return Run(**plain)


def evaluation_row(evaluation: Evaluation, judged: Row) -> dict[str, object]:
    """Write an evaluation with what is copied from the row of the judged run."""
    saved = judged["claude_tokens"] if judged["status"] == RunStatus.SUCCEEDED else 0
    row = {**asdict(evaluation), "verdict": str(evaluation.verdict)}
    return storable(row | {"input_digest": judged["input_digest"], "saved_tokens": saved})


def evaluation_of(row: Row) -> Evaluation:
    own = {field.name: row[field.name] for field in fields(Evaluation)}
    return Evaluation(**{**own, "verdict": Verdict(row["verdict"])})


def usage_of(row: Row) -> Usage:
    return Usage(
        **{**row, "models": _models(row["models"]), "status": RunStatus(row["status"])},
    )


def entry_row(entry: Entry) -> dict[str, object]:
    """Write an entry flat: its context's parts are columns like its own."""
    row = {field.name: getattr(entry, field.name) for field in fields(entry)}
    context = asdict(row.pop("context"))
    whole = {**row, **context, "models": _json(entry.context.models)}
    return storable(
        {name: int(value) if isinstance(value, bool) else value for name, value in whole.items()}
    )


def entry_of(kind: type[EntryT], row: Row) -> EntryT:
    plain = {name: value for name, value in row.items() if name not in _CONTEXT}
    context = {name: row[name] for name in _CONTEXT} | {"models": _models(row["models"])}
    for yes in {"negative", "granted"} & plain.keys():
        plain[yes] = bool(plain[yes])
    return kind(context=Context(**context), **plain)


def artifact_row(artifact: Artifact) -> dict[str, object]:
    lists = {"models": _json(artifact.models), "unknown": _json(artifact.unknown)}
    return storable({**asdict(artifact), **lists})


def artifact_of(row: Row) -> Artifact:
    unknown = tuple(json.loads(row["unknown"]))
    return Artifact(**{**row, "models": _models(row["models"]), "unknown": unknown})


def decision_row(line: Mapping[str, object]) -> dict[str, object] | None:
    """Take what the ledger keeps of a logged decision; None for a line that is none."""
    if not isinstance(line.get("id"), str) or not isinstance(line.get("outcome"), str):
        return None
    names = ("id", "at", "outcome", "ensemble", "template", "rule", "revision")
    kept: dict[str, object] = {name: str(line.get(name) or "") for name in names}
    return storable(kept | {"facts": _json(line.get("facts"))})


def _models(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((profile, model) for profile, model in json.loads(text))


def _without_output(agent: AgentResult) -> dict[str, object]:
    return {name: value for name, value in asdict(agent).items() if name != "output"}


def _agent(document: dict[str, Any]) -> AgentResult:
    return AgentResult(**{**document, "status": AgentStatus(document["status"])})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
