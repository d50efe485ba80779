"""The engine, llm-orc (AGPL): a process of its own, spoken to over MCP and never imported."""

from conductor.adapters.llm_orc.engine import (
    Engine,
    find_engine,
    open_engine,
    open_runner,
    version_of,
)

__all__ = ["Engine", "find_engine", "open_engine", "open_runner", "version_of"]
