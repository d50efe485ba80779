"""A client of its own, in the same process: it knows the protocol and nothing of ours."""

from __future__ import annotations

from collections.abc import Callable

import anyio
from mcp.shared.memory import create_connected_server_and_client_session

from conductor.mcp.server import build
from conductor.mcp.session import Session
from mcp import types

CLAUDE_CODE = ("claude-code", "2.1.330")
Answers = Callable[[types.ElicitRequestParams], types.ElicitResult]


def person(decision: str = "promote", action: str = "accept"):
    """Fill in the form as it asks, with this decision."""

    def answers(form) -> types.ElicitResult:
        assert form.requestedSchema["required"] == ["decision", "typed"]
        shown = form.message.partition("Plan …")[2][:6]
        fields: dict[str, str | int | float | bool | list[str] | None]
        fields = {"decision": decision, "typed": shown}
        return types.ElicitResult(action=action, content=fields if action == "accept" else None)

    return answers


def talk(session: Session, script, *, client=CLAUDE_CODE, answers: Answers | None = None):
    """Connect and run `script(client_session)`; `answers` is the person before a form."""

    async def elicited(_, params: types.ElicitRequestParams) -> types.ElicitResult:
        assert answers is not None
        return answers(params)

    async def conversation():
        async with create_connected_server_and_client_session(
            build(session),
            client_info=types.Implementation(name=client[0], version=client[1]),
            elicitation_callback=elicited if answers else None,
        ) as connected:
            return await script(connected)

    return anyio.run(conversation)


def call(session: Session, name: str, arguments=None, **how):
    """Call one tool over a connection of its own."""

    async def script(connected):
        return await connected.call_tool(name, arguments or {})

    return talk(session, script, **how)


def said(result: types.CallToolResult) -> str:
    return "".join(getattr(one, "text", "") for one in result.content)
