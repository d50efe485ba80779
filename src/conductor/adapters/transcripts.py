"""The door to Claude Code's transcripts: one JSON object a line, in a format that may change.

Whatever is not as expected is passed over and never guessed. A message stands on several lines,
one per block of its content, and each of them repeats the usage of the whole message.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from conductor.core.hindsight import Exchange
from conductor.errors import SourceError

Line = dict[str, object]

_NOT_TYPED = ("<", "Caveat:", "[Request interrupted")  # how texts of the client itself begin


def exchanges(path: str) -> Iterator[Exchange]:
    """Read one transcript, or all below a folder; raises SourceError when there is none."""
    files = sorted(Path(path).rglob("*.jsonl")) if Path(path).is_dir() else [Path(path)]
    if not files:
        raise SourceError("no transcript is here", at=path, hint="name a folder that holds some")
    for file in files:
        yield from _exchanges(file)


def _exchanges(file: Path) -> Iterator[Exchange]:
    at, text = "", ""
    tokens: dict[str, int] = {}  # by message
    tools: set[str] = set()
    for number, line in _lines(file):
        prompt = _prompt(line)
        if prompt:
            if at:
                yield Exchange(at=at, text=text, tokens=sum(tokens.values()), tools=len(tools))
            at, text = f"{file}:{number}", prompt
            tokens, tools = {}, set()
        elif line.get("type") == "assistant":
            _add(line, tokens, tools)
    if at:
        yield Exchange(at=at, text=text, tokens=sum(tokens.values()), tools=len(tools))


def _lines(file: Path) -> Iterator[tuple[int, Line]]:
    try:
        with file.open("rb") as stream:
            for number, raw in enumerate(stream, 1):
                try:
                    line = json.loads(raw)
                except (ValueError, RecursionError):
                    continue  # cut off, or of another format
                if isinstance(line, dict):
                    yield number, line
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SourceError(f"cannot read the file: {reason}", at=str(file)) from error


def _prompt(line: Line) -> str:
    """Give what a person typed; empty for everything else."""
    if line.get("type") != "user" or line.get("isMeta") or line.get("isSidechain"):
        return ""
    if line.get("promptSource", "typed") != "typed":
        return ""
    text = "\n".join(
        str(block.get("text", "")) for block in _blocks(line) if block.get("type") == "text"
    ).strip()
    return "" if text.startswith(_NOT_TYPED) else text


def _blocks(line: Line) -> list[Line]:
    message = line.get("message")
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return [block for block in content if isinstance(block, dict)] if content else []


def _add(line: Line, tokens: dict[str, int], tools: set[str]) -> None:
    message = line.get("message")
    if not isinstance(message, dict):
        return
    usage, name = message.get("usage"), str(message.get("id", ""))
    written = usage.get("output_tokens") if isinstance(usage, dict) else None
    if name and isinstance(written, int):
        tokens[name] = max(written, tokens.get(name, 0))
    tools |= {str(one.get("id")) for one in _blocks(line) if one.get("type") == "tool_use"}
