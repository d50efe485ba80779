"""The engine's answers as values, and its four ways to fail told apart."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from conductor.core.execution import AgentResult, AgentStatus, Outcome
from conductor.errors import OutsideError

_STATUS = {
    "success": AgentStatus.SUCCEEDED,
    "partial": AgentStatus.PARTIAL,
    "failed": AgentStatus.FAILED,
    "skipped": AgentStatus.SKIPPED,
}
_READY = {"ready", "dynamic"}
_UNKNOWN = "unknown provider"  # how the engine begins about one that it has dropped
_STEPS = {
    "start_provider": "start the model server, or bind the profile elsewhere",
    "bind": "bind the profile to a model that the server has: see `conductor doctor`",
    "pull": "install the model: see `conductor doctor`",
    "ship": "add the missing file to the registry",
    "add_source": "say in the profile or its binding which model it is",
    "add_credentials": "give the engine the key of that provider",
    "restart": "restart the model server",
}

Json = Mapping[str, Any]


def read_answer(answer: Json) -> Outcome:
    """Read an answer of `invoke`; raises OutsideError when nothing ran as a whole."""
    error = answer.get("error")
    if isinstance(error, dict):
        raise _refused(error)
    if error or "metadata" not in answer:
        raise OutsideError(f"the engine failed: {error or 'it gave no result'}")
    usage = answer["metadata"].get("usage", {}).get("agents", {})
    results: Json = answer.get("results", {})
    agents = tuple(
        # A fan-out is listed by instance and once more as a whole: count its tokens once.
        _agent(name, result, {} if f"{name}[0]" in results else usage.get(name, {}))
        for name, result in results.items()
    )
    return Outcome(
        output=str(answer.get("deliverable") or ""),
        agents=agents,
        seconds=float(str(answer["metadata"].get("duration", "0")).rstrip("s")),
        error=next(_failures(agents), ""),
    )


def refusal(answer: Json) -> str | None:
    """Give the engine's reason for running nothing; None when it ran."""
    error = answer.get("error")
    return str(error.get("message", error)) if isinstance(error, dict) else error


def _refused(error: Json) -> OutsideError:
    for need in error.get("dependencies") or ():
        if need.get("status") in _READY:
            continue
        via = ", ".join(str(one) for one in need.get("via") or ())
        who = f" (for {via})" if via else ""
        what = f"{need.get('kind')} `{need.get('name')}`{who} is not ready"
        detail = need.get("detail") or need.get("status")
        hint = _STEPS.get(str(need.get("resolve")), "see `conductor doctor`")
        if str(detail).startswith(_UNKNOWN):
            hint = "the engine has none of that name: `conductor lint --fix` rewrites old ones"
        return OutsideError(f"{what}: {detail}", hint=hint)
    return OutsideError(f"the engine refused: {error.get('message', error)}")


def _agent(name: str, result: Json, usage: Json) -> AgentResult:
    response = result.get("response")
    inside = [usage, *_nested(response)]
    return AgentResult(
        name=name,
        status=_STATUS.get(str(result.get("status")), AgentStatus.FAILED),
        output=response if isinstance(response, str) else json.dumps(response or ""),
        error=str(result.get("error") or result.get("reason") or ""),
        profile=str(usage.get("model_profile", "")),
        model=str(usage.get("model", "")),
        input_tokens=sum(int(one.get("input_tokens", 0)) for one in inside),
        output_tokens=sum(int(one.get("output_tokens", 0)) for one in inside),
        seconds=int(usage.get("duration_ms", 0)) / 1000,
    )


def _nested(response: object) -> Iterator[Json]:
    """Find the usage of a child ensemble: its record is the agent's response, as JSON text."""
    if not isinstance(response, str) or not response.startswith("{"):
        return
    try:
        record = json.loads(response)
    except (ValueError, RecursionError):
        return
    if not isinstance(record, dict) or not isinstance(record.get("metadata"), dict):
        return
    usage = record["metadata"].get("usage")
    if isinstance(usage, dict):
        yield from usage.get("agents", {}).values()
    for result in record.get("results", {}).values():
        yield from _nested(result.get("response"))


def _failures(agents: tuple[AgentResult, ...]) -> Iterator[str]:
    """Name the agents that failed; the ones skipped because of them are no cause."""
    for agent in agents:
        if agent.status in (AgentStatus.FAILED, AgentStatus.PARTIAL):
            reason = agent.error or "some of its instances failed"
            yield f"`{agent.name}` failed: {reason}"
