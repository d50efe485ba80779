"""What verbs give, as JSON values: the one form that the command line and the MCP server answer in.

Later versions only add keys.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conductor.app.discovery import Search
    from conductor.app.prepared import CarriedOut
    from conductor.app.run import Finished
    from conductor.core.discovery import Found
    from conductor.core.evaluation import Evaluation
    from conductor.core.plan import Plan
    from conductor.core.readiness import GateResult
    from conductor.core.run import Run

Json = dict[str, object]

FORMAT: Mapping[str, object] = {"format": 1}  # how every answer begins


def answer(content: Mapping[str, object]) -> Json:
    """Give an answer as a whole: one object that begins with its format."""
    return {**FORMAT, **content}


def finished(one: Finished) -> Json:
    """Give what `run` answers; `escalate` is null unless a check turned the output down.

    `replayed` is null unless nothing ran: then it says when the answer was recorded.
    """
    return {
        "run": run(one.run),
        "output": one.output,
        "escalate": escalation(one),
        "replayed": {"recorded_at": one.recorded_at} if one.recorded_at else None,
    }


def escalation(one: Finished) -> Json | None:
    """Say who gets the task instead, and which checks the output failed."""
    failed = [asdict(check) for check in one.run.checks if not check.passed]
    rejected = one.run.status == "rejected"
    return {"to": one.on_failure, "checks": failed} if rejected else None


def run(one: Run) -> Json:
    """Give the ledger's columns under their names, agents without outputs."""
    document = asdict(one)
    document["agents"] = [
        {name: value for name, value in agent.items() if name != "output"}
        for agent in document["agents"]
    ]
    document["models"] = dict(one.models)
    return document


def evaluations(judged: Sequence[Evaluation]) -> Json:
    """Give what `evaluate` answers."""
    return {"evaluations": [_evaluation(one) for one in judged]}


def _evaluation(one: Evaluation) -> Json:
    """Give the columns under their names, the answers as what they are, before the reasoning."""
    row = asdict(one)
    answers = json.loads(row.pop("detail"))
    before = list(row)[: list(row).index("reasoning")]
    return {**{name: row[name] for name in before}, "criteria": answers, **row}


def search(result: Search, limit: int) -> Json:
    """Give what `ensembles find` answers: at most `limit`, best first."""
    return {
        "task": result.task,
        "template": result.template or None,
        "total": len(result.found),
        "ensembles": [{**ensemble(one), "why": one.why} for one in result.found[: max(1, limit)]],
    }


def ensemble(one: Found) -> Json:
    """Give one line of the catalogue."""
    summary, standing = one.summary, one.standing
    return {
        "name": summary.name,
        "tier": summary.tier,
        "file": summary.file,
        "description": summary.description,
        "task": summary.task or None,
        "template": summary.template or None,
        "agents": summary.agents,
        "shadowed": summary.shadowed,
        "deprecated": summary.deprecated.to_json() if summary.deprecated else None,
        "runnable": one.runnable,
        "obstacles": [{"what": found.what, "fix": found.fix} for found in one.obstacles],
        "evidence": None
        if standing is None
        else {
            "uses": standing.uses,
            "acceptance_percent": standing.acceptance_percent,
            "lower_percent": standing.lower_percent,
        },
    }


def promotion(plan: Plan, carried: CarriedOut | None = None) -> Json:
    """Give what `promote` answers; with what came of it, where this call carried the plan out.

    `done`: the tier had it already; `stopping`: the gates that keep it out.
    """
    return {
        "promoted": carried is not None,
        "place": carried.place if carried else None,
        "digest": plan.digest,
        "done": plan.done,
        "stopping": [gate(one) for one in plan.readiness.stopping],
        "plan": plan.document(),
    }


def gate(one: GateResult) -> Json:
    """Give a gate as `readiness` does."""
    return {
        "gate": one.gate,
        "verdict": str(one.answer),
        "seen": one.seen,
        "change": one.change,
        "command": one.command,
    }
