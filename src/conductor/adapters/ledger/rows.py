"""Values to rows and back, without loss."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from conductor.core.evaluation import Evaluation, Verdict
from conductor.core.execution import AgentResult, AgentStatus
from conductor.core.run import Check, Run, RunStatus

Row = Mapping[str, Any]


def run_row(run: Run) -> dict[str, object]:
    row = {field.name: getattr(run, field.name) for field in fields(Run)}
    agents = [_without_output(agent) for agent in run.agents]
    return row | {
        "status": str(run.status),
        "models": _json(run.models),
        "checks": _json([asdict(check) for check in run.checks]),
        "agents": _json(agents),
        "due": int(run.due),
    }


def run_of(row: Row) -> Run:
    plain = dict(row)
    plain["status"] = RunStatus(plain["status"])
    plain["models"] = tuple((profile, model) for profile, model in json.loads(plain["models"]))
    plain["checks"] = tuple(Check(**check) for check in json.loads(plain["checks"]))
    plain["agents"] = tuple(_agent(agent) for agent in json.loads(plain["agents"]))
    plain["due"] = bool(plain["due"])
    return Run(**plain)


def evaluation_row(evaluation: Evaluation) -> dict[str, object]:
    return {**asdict(evaluation), "verdict": str(evaluation.verdict)}


def evaluation_of(row: Row) -> Evaluation:
    return Evaluation(**{**row, "verdict": Verdict(row["verdict"])})


def decision_row(line: Mapping[str, object]) -> dict[str, object] | None:
    """Take what the ledger keeps of a logged decision; None for a line that is none."""
    if not isinstance(line.get("id"), str) or not isinstance(line.get("outcome"), str):
        return None
    names = ("id", "at", "outcome", "ensemble", "template", "rule", "revision")
    kept: dict[str, object] = {name: str(line.get(name) or "") for name in names}
    return kept | {"facts": _json(line.get("facts"))}


def _without_output(agent: AgentResult) -> dict[str, object]:
    return {name: value for name, value in asdict(agent).items() if name != "output"}


def _agent(document: dict[str, Any]) -> AgentResult:
    return AgentResult(**{**document, "status": AgentStatus(document["status"])})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
