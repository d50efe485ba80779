"""A warm `route` over MCP, against the call of a tool that does nothing on a bare server.

Both servers are processes of their own and are called in turns by the same client, so that what
the machine does besides hits both.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time

import anyio
from mcp.client.stdio import stdio_client

from conductor.app.compile import compile_workspace
from conductor.app.init import apply, plan
from mcp import ClientSession, StdioServerParameters

CALLS, WARM_UP = 500, 20
TASK = "Summarise this document in three sentences: the export moves to another database."
BARE = """
import anyio
from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

server = Server("bare")

@server.list_tools()
async def tools():
    return [types.Tool(name="nothing", inputSchema={"type": "object"})]

@server.call_tool(validate_input=False)
async def called(name, arguments):
    return [types.TextContent(type="text", text="{}")]

async def main():
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())

anyio.run(main)
"""


async def timed(client: ClientSession, tool: str, arguments: dict[str, object]) -> float:
    began = time.perf_counter()
    result = await client.call_tool(tool, arguments)
    took = time.perf_counter() - began
    assert not result.isError, result
    return took * 1_000


async def measure(folder: str) -> dict[str, list[float]]:
    """Call both in turns; gives milliseconds."""
    ours = StdioServerParameters(
        command=sys.executable, args=["-m", "conductor", "mcp"], cwd=folder
    )
    bare = StdioServerParameters(command=sys.executable, args=["-c", BARE])
    took: dict[str, list[float]] = {"route": [], "bare": []}
    async with (
        stdio_client(ours) as first,
        stdio_client(bare) as second,
        ClientSession(*first) as conductor,
        ClientSession(*second) as nothing,
    ):
        await conductor.initialize()
        await nothing.initialize()
        for _ in range(CALLS + WARM_UP):
            took["route"].append(await timed(conductor, "route", {"task": TASK}))
            took["bare"].append(await timed(nothing, "nothing", {}))
    return {name: values[WARM_UP:] for name, values in took.items()}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        apply(plan(folder))
        compile_workspace(folder)
        took = anyio.run(measure, folder)
    medians = {}
    for name, values in took.items():
        medians[name] = statistics.median(values)
        p99 = statistics.quantiles(values, n=100)[98]
        print(f"{name:<6} median {medians[name]:6.2f} ms   p99 {p99:6.2f} ms   n = {len(values)}")
    print(f"a warm route costs {medians['route'] / medians['bare']:.1f} x a call that does nothing")


if __name__ == "__main__":
    main()
