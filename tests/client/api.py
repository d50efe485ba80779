"""The Messages API, as far as Claude Code needs it: says what a script says, keeps what it got."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]
Step = Callable[[Any], Json]  # the last result of a tool -> a block of content

_MANY_TOOLS = 5  # the conversation itself has them; side requests, such as for a title, do not


def text(words: str) -> Step:
    """Say something, which ends the turn."""
    return lambda _: {"type": "text", "text": words}


def tool(name: str, arguments: Json | Callable[[Any], Json]) -> Step:
    """Call a tool of conductor's server."""
    return use(f"mcp__plugin_conductor_conductor__{name}", arguments)


def use(name: str, arguments: Json | Callable[[Any], Json]) -> Step:
    """Call any tool; the arguments may depend on the last result."""

    def step(last: Any) -> Json:
        given = arguments(last) if callable(arguments) else arguments
        return {"type": "tool_use", "id": "", "name": name, "input": given}

    return step


class Api:
    """What was asked of the model; `script` is what it answers, in order."""

    def __init__(self, script: Sequence[Step]) -> None:
        self.requests: list[Json] = []
        self.results: list[Any] = []  # of tools, as the model got them
        self.address = ""
        self._script = iter(script)
        self._lock = threading.Lock()

    def answer(self, request: Json) -> Json:
        if len(request.get("tools", ())) < _MANY_TOOLS:
            return {"type": "text", "text": "ok"}
        with self._lock:
            self.requests.append(request)
            last = _last_result(request)
            if last is not None:
                self.results.append(last)
            step = next(self._script, text("That is all."))
            block = step(last)
            if block["type"] == "tool_use":
                block["id"] = f"toolu_{len(self.requests):04d}"
            return block

    def seen(self) -> str:
        """Everything that the model was sent, as text."""
        return json.dumps(self.requests, ensure_ascii=False)


@contextmanager
def serve(script: Sequence[Step]) -> Iterator[Api]:
    api = Api(script)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            request = json.loads(body or b"{}")
            if "count_tokens" in self.path:
                return self._send(json.dumps({"input_tokens": 10}), "application/json")
            block = api.answer(request)
            if not request.get("stream"):
                return self._send(json.dumps(_message(block, request)), "application/json")
            return self._send("".join(_events(block, request)), "text/event-stream")

        def do_GET(self) -> None:
            self._send("{}", "application/json")

        do_HEAD = do_GET  # noqa: N815

        def _send(self, content: str, kind: str) -> None:
            data = content.encode()
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()


def _last_result(request: Json) -> Any:
    """Give what the last tool answered: JSON where it is some, else its text."""
    results: list[Json] = []
    for message in request["messages"]:
        if message["role"] == "assistant":
            results = []
        elif isinstance(message["content"], list):
            results += [one for one in message["content"] if one.get("type") == "tool_result"]
    if not results:
        return None
    inner = results[-1].get("content", "")
    words = inner if isinstance(inner, str) else "".join(one.get("text", "") for one in inner)
    try:
        return json.loads(words)
    except ValueError:
        return words


def _message(block: Json, request: Json) -> Json:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": request.get("model", "claude"),
        "content": [block],
        "stop_reason": "tool_use" if block["type"] == "tool_use" else "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 10, "output_tokens": 10},
    }


def _events(block: Json, request: Json) -> Iterator[str]:
    message = _message(block, request)
    yield _event("message_start", message={**message, "content": [], "stop_reason": None})
    if block["type"] == "text":
        empty: Json = {"type": "text", "text": ""}
        delta = {"type": "text_delta", "text": block["text"]}
    else:
        empty = {**block, "input": {}}
        delta = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
    yield _event("content_block_start", index=0, content_block=empty)
    yield _event("content_block_delta", index=0, delta=delta)
    yield _event("content_block_stop", index=0)
    stop = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    yield _event("message_delta", delta=stop, usage={"output_tokens": 10})
    yield _event("message_stop")


def _event(kind: str, **content: Any) -> str:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **content})}\n\n"
