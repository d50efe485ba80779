"""The second face: one tool per verb, for Claude Code and every other MCP client."""
