"""`conductor mcp`."""

from __future__ import annotations

from importlib.util import find_spec

import click

from conductor.cli import show
from conductor.errors import OutsideError


@click.command(name="mcp")
@click.option("--json", "as_json", is_flag=True, help="Print the tools as one JSON object.")
@click.pass_obj
def command(folder: str, as_json: bool) -> int:
    """Serve the verbs to Claude Code and other MCP clients.

    Clients start this command by themselves; `conductor plugin install` tells Claude Code about it.
    With `--json` it only says what it would offer.
    """
    if find_spec("mcp") is None:
        raise OutsideError(
            "the MCP library is not installed", hint="pip install 'llm-conductor[mcp]'"
        )
    if as_json:
        from conductor.mcp.arguments import schema
        from conductor.mcp.tools import TOOLS

        tools = [
            {"name": one.name, "description": one.does, "input_schema": schema(one.parameters)}
            for one in TOOLS
        ]
        show.document({"tools": tools})
        return 0
    from conductor.mcp.server import serve

    serve(folder)
    return 0
