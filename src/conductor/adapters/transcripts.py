"""The door to Claude Code's transcripts: one JSON object a line, in a format that may change.

Whatever is not as expected is passed over and never guessed. A message stands on several lines,
one per block of its content, and each of them repeats the usage of the whole message. A session
that goes on from another begins with that one's lines: a prompt is read once, by its `uuid`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from conductor.core.hindsight import Exchange
from conductor.errors import SourceError

Line = dict[str, object]

_MOST_BYTES = 20_000_000  # of a line: nobody types more
_NOT_TYPED = ("<", "Caveat:", "[Request interrupted")  # how texts of the client itself begin


def exchanges(path: str) -> Iterator[Exchange]:
    """Read one transcript, or all below a folder; raises SourceError when there is none."""
    files = sorted(Path(path).rglob("*.jsonl")) if Path(path).is_dir() else [Path(path)]
    if not files:
        raise SourceError("no transcript is here", at=path, hint="name a folder that holds some")
    seen: set[object] = set()
    for file in files:
        yield from _exchanges(file, seen)


def _exchanges(file: Path, seen: set[object]) -> Iterator[Exchange]:
    at, text = "", ""
    tokens: dict[str, int] = {}  # by message
    tools: set[str] = set()
    for number, line in _lines(file):
        prompt = _prompt(line)
        if prompt:
            if at:
                yield Exchange(at=at, text=text, tokens=sum(tokens.values()), tools=len(tools))
            at, text = f"{file}:{number}" if _is_new(line, seen) else "", prompt
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
                    line = json.loads(raw) if len(raw) <= _MOST_BYTES else None
                except (ValueError, RecursionError):
                    continue  # cut off, or of another format
                if isinstance(line, dict):
                    yield number, line
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SourceError(f"cannot read the file: {reason}", at=str(file)) from error


def _is_new(line: Line, seen: set[object]) -> bool:
    """Tell whether a prompt has not been read before, and remember it."""
    name = line.get("uuid")
    if not isinstance(name, str):
        return True
    known = name in seen
    seen.add(name)
    return not known


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
    return [one for one in content if isinstance(one, dict)] if isinstance(content, list) else []


def _add(line: Line, tokens: dict[str, int], tools: set[str]) -> None:
    message = line.get("message")
    if not isinstance(message, dict):
        return
    usage = message.get("usage")
    name = str(message.get("id") or line.get("requestId") or line.get("uuid") or "")
    written = usage.get("output_tokens") if isinstance(usage, dict) else None
    if name and isinstance(written, int):
        tokens[name] = max(written, tokens.get(name, 0))
    tools |= {str(one.get("id")) for one in _blocks(line) if one.get("type") == "tool_use"}
