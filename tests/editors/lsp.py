"""A language server as an editor drives it: over its standard input and output."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

Where = tuple[int, int]  # line and column, both from 0, as the protocol counts


class Editor:
    """Opens documents and asks about them; what the server does is never faked."""

    def __init__(self, command: Sequence[str | Path], root: Path, settings: object = None) -> None:
        self.root = root
        self.settings = settings
        self.asked = self.opened = 0
        self.published: dict[str, list[dict[str, Any]]] = {}
        self.server = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=root,
        )

    def __enter__(self) -> Self:
        folder = {"uri": self.root.as_uri(), "name": "workspace"}
        capabilities = {
            "textDocument": {"completion": {"completionItem": {}}, "publishDiagnostics": {}},
            "workspace": {"configuration": True},
        }
        self.request(
            "initialize",
            {
                "processId": None,
                "rootUri": folder["uri"],
                "workspaceFolders": [folder],
                "capabilities": capabilities,
            },
        )
        self._send({"method": "initialized", "params": {}})
        return self

    def __exit__(self, *_: object) -> None:
        self.server.kill()
        self.server.communicate()

    def open(self, file: str, text: str) -> str:
        """Open an unsaved text beside `file`; waits for the first diagnostics."""
        self.opened += 1
        path = (self.root / file).with_stem(f"unsaved-{self.opened}")
        uri, language = path.as_uri(), path.suffix.removeprefix(".")
        document = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        while uri not in self.published:
            self._receive()
        return uri

    def complaints(self, file: str, text: str) -> list[Where]:
        """Give the places of all diagnostics of a text."""
        uri = self.open(file, text)
        starts = [one["range"]["start"] for one in self.published[uri]]
        return sorted((start["line"], start["character"]) for start in starts)

    def offers(self, file: str, text: str, mark: str = "¦") -> list[str]:
        """Give the labels that are offered where `mark` stands in the text."""
        before, after = text.split(mark)
        uri = self.open(file, before + after)
        position = {"line": before.count("\n"), "character": len(before.rsplit("\n", 1)[-1])}
        answer = self.request(
            "textDocument/completion", {"textDocument": {"uri": uri}, "position": position}
        )
        items = answer["items"] if isinstance(answer, dict) else answer
        return [item["label"].strip('"') for item in items or []]

    def request(self, method: str, params: object) -> Any:
        self.asked += 1
        self._send({"id": self.asked, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == self.asked and "method" not in message:
                return message["result"]

    def _receive(self) -> dict[str, Any]:
        message = self._read()
        match message.get("method"):
            case "textDocument/publishDiagnostics":
                self.published[message["params"]["uri"]] = message["params"]["diagnostics"]
            case "workspace/configuration":
                answers = [self.settings for _ in message["params"]["items"]]
                self._send({"id": message["id"], "result": answers})
            case str() if "id" in message:
                self._send({"id": message["id"], "result": None})
        return message

    def _send(self, message: dict[str, object]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.server.stdin
        self.server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.server.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self.server.stdout
        length = 0
        while line := self.server.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the language server ended"
        message: dict[str, Any] = json.loads(self.server.stdout.read(length))
        return message
