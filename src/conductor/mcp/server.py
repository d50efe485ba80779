"""The server: MCP's words on one side, verbs on the other. The only module that knows the SDK."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import traceback
from functools import partial
from typing import Any

import anyio
from anyio import from_thread, to_thread
from mcp.server.lowlevel import Server
from mcp.server.session import ServerSession
from mcp.server.stdio import stdio_server

from conductor import __version__
from conductor.app.wire import Json
from conductor.core.consent import Client, Form, Reply
from conductor.core.execution import Progress
from conductor.errors import ConductorError
from conductor.mcp.arguments import schema
from conductor.mcp.brief import compact, sentence
from conductor.mcp.call import Call
from conductor.mcp.notice import hook_output
from conductor.mcp.session import Session, call_off
from conductor.mcp.tools import BY_NAME, INSTRUCTIONS, TOOLS, Tool
from conductor.mcp.verbs import perform
from mcp import types

_LOADED = "anthropic/alwaysLoad"
_PERSON = "anthropic/requiresUserInteraction"
_TOOL_USE = "claudecode/toolUseId"
_INTERRUPTED = 130

Context = Any  # of a request, as the SDK gives it


def serve(folder: str) -> None:
    """Serve on standard input and output until the client leaves."""
    with Session(folder) as session:
        anyio.run(_serve, session)


async def _serve(session: Session) -> None:
    server = build(session)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_heed_signals, session)
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())
        tasks.cancel_scope.cancel()


async def _heed_signals(session: Session) -> None:
    """End in order when the client interrupts, which is how Claude Code takes its leave."""
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as received:
        async for _ in received:
            await to_thread.run_sync(session.close)
            # The SDK's thread waits for a line on standard input, and nothing else can end it.
            os._exit(_INTERRUPTED)


def build(session: Session) -> Server[Any]:
    """Make a server of the verbs, for any transport."""
    server: Server[Any] = Server("conductor", version=__version__, instructions=INSTRUCTIONS)

    # The SDK's decorators carry no types.
    @server.list_tools()  # type: ignore[no-untyped-call,untyped-decorator]
    async def _tools() -> list[types.Tool]:
        return [described(tool) for tool in TOOLS]

    @server.call_tool(validate_input=False)  # type: ignore[untyped-decorator]
    async def _called(name: str, arguments: dict[str, Any]) -> types.CallToolResult:
        return await _answer(session, name, arguments, server.request_context)

    return server


def described(tool: Tool) -> types.Tool:
    """Describe a tool in MCP's words."""
    marks = {_LOADED: tool.loaded, _PERSON: tool.person}
    return types.Tool(
        name=tool.name,
        description=tool.does,
        inputSchema=schema(tool.parameters),
        annotations=types.ToolAnnotations(
            readOnlyHint=tool.reads, destructiveHint=tool.person, openWorldHint=False
        ),
        _meta={name: True for name, on in marks.items() if on} or None,
    )


async def _answer(
    session: Session, name: str, arguments: dict[str, Any], context: Context
) -> types.CallToolResult:
    if name not in BY_NAME:
        return _error(f"error: there is no tool `{name}`")
    call = _call(context)
    try:
        work = partial(perform, session, name, arguments, call)
        answer = await to_thread.run_sync(work, abandon_on_cancel=True)
    except anyio.get_cancelled_exc_class():
        call_off(call.called_off)  # the thread ends the run, and writes its row
        raise
    except ConductorError as error:
        return _error(str(error))
    except Exception as error:  # noqa: BLE001 - a mistake of ours is an answer, not the end
        traceback.print_exc(file=sys.stderr)
        return _error(f"error: this is a mistake in conductor {__version__}: {error!r}")
    return _result(name, answer)


def _result(name: str, answer: Json) -> types.CallToolResult:
    if name == "notice":  # in the words of Claude Code's hooks
        return types.CallToolResult(content=_text(hook_output(str(answer["text"]))))
    return types.CallToolResult(content=_text(compact(answer)), structuredContent=answer)


def _error(message: str) -> types.CallToolResult:
    return types.CallToolResult(content=_text(sentence(message)), isError=True)


def _text(text: str) -> list[types.ContentBlock]:
    return [types.TextContent(type="text", text=text)]


def _call(context: Context) -> Call:
    session: ServerSession = context.session
    meta = context.meta.model_dump() if context.meta else {}
    return Call(
        client=_client(session),
        tool_use=str(meta.get(_TOOL_USE) or ""),
        ask=partial(_ask, session, context.request_id),
        report=partial(_report, asyncio.get_running_loop(), session, meta.get("progressToken")),
    )


def _client(session: ServerSession) -> Client:
    known = session.client_params
    if known is None:
        return Client()
    asks = known.capabilities.elicitation is not None
    return Client(name=known.clientInfo.name, version=known.clientInfo.version, asks=asks)


def _ask(session: ServerSession, request: types.RequestId, form: Form) -> Reply:
    """Show the form to the person; called in a thread of a verb."""
    wanted = {"type": "object", "properties": form.fields, "required": list(form.fields)}
    plain = json.loads(json.dumps(wanted))
    result = from_thread.run(session.elicit_form, form.message, plain, request)
    return Reply(action=result.action, fields=result.content or {})


def _report(
    loop: asyncio.AbstractEventLoop,
    session: ServerSession,
    token: str | int | None,
    progress: Progress,
) -> None:
    """Tell how far a run is; called in whatever thread the engine's session has."""
    if token is None:
        return
    word = "done" if progress.ended else "at work"
    sending = session.send_progress_notification(
        token, float(progress.done), float(progress.total), f"{progress.agent} {word}"
    )
    asyncio.run_coroutine_threadsafe(sending, loop)  # the engine does not wait for the client
