"""What the engine recorded of runs that it made without us.

It writes a full record when a run ends, and for a run over MCP a second, reduced one beside it. A
`validation:` block or a crash leaves a file that is cut off.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conductor.adapters.llm_orc.answers import read_answer
from conductor.core.execution import AgentResult, Outcome
from conductor.errors import OutsideError

RECORD = "execution.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A record as far as it tells; `usage` is whether it has tokens and seconds."""

    ensemble: str
    status: str  # the engine's word
    began: float  # seconds since 1970; 0 where `stamp` says it
    stamp: str  # local time without a zone, of a reduced record; else empty
    input: str
    outcome: Outcome
    usage: bool


def read_record(data: bytes) -> Recorded:
    """Read the bytes of an `execution.json`; raises ValueError with the reason for any other."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValueError("it is cut off, or no JSON") from error
    try:
        return _full(document) if "metadata" in document else _reduced(document)
    except (OutsideError, AttributeError, KeyError, TypeError) as error:
        raise ValueError("it is no record of a run") from error


def _full(document: Mapping[str, Any]) -> Recorded:
    given = document.get("input")
    return Recorded(
        ensemble=str(document["ensemble"]),
        status=str(document.get("status", "")),
        began=float(document["metadata"].get("started_at") or 0),
        stamp="",
        input=str(given.get("data", "") if isinstance(given, dict) else given or ""),
        outcome=read_answer(document),
        usage=bool(document["metadata"].get("usage")),
    )


def _reduced(document: Mapping[str, Any]) -> Recorded:
    outcome = read_answer({**document, "metadata": {}})
    # Its agents may be there without what they used: no number is better than a wrong one.
    bare = tuple(AgentResult(name=one.name, status=one.status) for one in outcome.agents)
    return Recorded(
        ensemble=str(document["ensemble_name"]),
        status=str(document.get("status", "")),
        began=0.0,
        stamp=str(document.get("timestamp") or ""),
        input=str(document.get("input") or ""),
        outcome=Outcome(output=outcome.output, agents=bare, seconds=0.0, error=outcome.error),
        usage=False,
    )
