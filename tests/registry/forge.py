"""A forge on this machine: git over HTTPS, and as much of GitHub's interface as is asked of it.

Everything that it says about branches comes from the bare repository behind it, and what it is
asked is held against GitHub's published description of its interface.
"""

from __future__ import annotations

import json
import os
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema
import trustme

from tests.conftest import ROOT
from tests.registry.library import heads

PUBLISHED = ROOT / ".venv/registry/package/schema/api.github.com.json"
TOKEN = "ghe_" + "s3cr3tS3CR3T" * 4
_API = "/api/v3/repos/acme/library"
_PATHS = {
    "POST": "/repos/{owner}/{repo}/pulls",
    "PATCH": "/repos/{owner}/{repo}/pulls/{pull_number}",
}


@dataclass
class Answer:
    status: int
    document: object
    headers: dict[str, str] = field(default_factory=dict)


class Lost(Exception):
    """The answer gets lost on its way."""


@dataclass
class Asked:
    """One request for the interface, as it came in."""

    method: str
    path: str
    body: dict[str, Any] | None
    headers: dict[str, str]


class Forge:
    """What the server knows. `before` and `after` let a test stand in the way of a request."""

    def __init__(self, bare: Path) -> None:
        self.bare = bare
        self.forks: dict[str, Path] = {}  # by owner
        self.pulls: list[dict[str, Any]] = []
        self.asked: list[Asked] = []
        self.before: Callable[[Asked], Answer | None] = lambda _: None
        self.after: Callable[[Asked], None] = lambda _: None
        self.port = 0
        self.lock = Lock()

    @property
    def host(self) -> str:
        return f"localhost:{self.port}"

    @property
    def remote(self) -> str:
        return f"https://{self.host}/acme/library.git"

    def writes(self) -> list[Asked]:
        return [one for one in self.asked if one.method != "GET"]

    def answer(self, asked: Asked) -> Answer:
        with self.lock:
            self.asked.append(asked)
            answered = self.before(asked) or self._checked(asked)
            self.after(asked)
            return answered

    def _checked(self, asked: Asked) -> Answer:
        if TOKEN not in asked.headers.get("authorization", ""):
            return Answer(401, {"message": "Bad credentials"})
        if mistake := mistake_in(asked):
            return Answer(422, {"message": f"not as GitHub describes it: {mistake}"})
        parts = urlsplit(asked.path)
        match asked.method, parts.path.removeprefix(_API).strip("/").split("/"):
            case "GET", [""]:
                content: object = {"full_name": "acme/library", "default_branch": "main"}
            case "GET", ["pulls"]:
                content = self._listed(parse_qs(parts.query))
            case "POST", ["pulls"]:
                return self._opened(asked.body or {})
            case "PATCH", ["pulls", number]:
                pull = self.pulls[int(number) - 1]
                pull |= asked.body or {}
                content = self._shown(pull)
            case _:
                return Answer(404, {"message": "Not Found"})
        return Answer(200, content)

    def _listed(self, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        head, state = query.get("head", [""])[0], query.get("state", ["open"])[0]
        return [
            self._shown(one)
            for one in self.pulls
            if one["head"] == head and state in ("all", one["state"])
        ]

    def _opened(self, body: dict[str, Any]) -> Answer:
        branches = heads(self.bare)
        if body["base"] not in branches or self._at(body["head"]) in {"", branches[body["base"]]}:
            told = f"No commits between {body['base']} and {body['head']}"
            return Answer(422, {"message": "Validation Failed", "errors": [{"message": told}]})
        if any(one["head"] == body["head"] and one["state"] == "open" for one in self.pulls):
            told = f"A pull request already exists for {body['head']}."
            return Answer(422, {"message": "Validation Failed", "errors": [{"message": told}]})
        pull = {**body, "number": len(self.pulls) + 1, "state": "open", "merged_at": None}
        self.pulls.append(pull)
        return Answer(201, self._shown(pull))

    def _at(self, head: str) -> str:
        """The commit of `owner:branch`, in the library or in a fork."""
        owner, _, branch = head.partition(":")
        return heads(self.forks.get(owner, self.bare)).get(branch, "")

    def _shown(self, pull: dict[str, Any]) -> dict[str, Any]:
        owner, _, branch = pull["head"].partition(":")
        head = {
            "label": pull["head"],
            "ref": branch,
            "sha": self._at(pull["head"]),
            "user": {"login": owner},
        }
        url = f"https://{self.host}/acme/library/pull/{pull['number']}"
        return {**pull, "head": head, "html_url": url}


def mistake_in(asked: Asked) -> str:
    """Hold a request against GitHub's own description; empty when it is as described."""
    if asked.method not in _PATHS or not PUBLISHED.exists():
        return ""
    schema = _described()[_PATHS[asked.method]][asked.method.lower()]["requestBody"]
    body = schema["content"]["application/json"]["schema"]
    unknown = set(asked.body or {}) - set(body["properties"])
    found = next(jsonschema.Draft202012Validator(body).iter_errors(asked.body), None)
    return f"unknown {sorted(unknown)}" if unknown else found.message if found else ""


@cache
def _described() -> dict[str, Any]:
    paths: dict[str, Any] = json.loads(PUBLISHED.read_text())["paths"]
    return paths


@contextmanager
def serving(forge: Forge, folder: Path) -> Iterator[Path]:
    """Serve it over TLS on a free port; gives the certificate to trust."""
    authority = trustme.CA()
    certificate = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    server = ThreadingHTTPServer(("localhost", 0), type("Bound", (_Handler,), {"forge": forge}))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    forge.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield certificate
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    forge: Forge

    def do_GET(self) -> None:
        self._handle()

    do_POST = do_PATCH = do_GET  # noqa: N815 - as the standard library names them

    def _handle(self) -> None:
        body = self._body()
        if self.path.startswith("/api/"):
            self._interface(body)
        elif "/library.git/" in self.path:
            self._git(body)
        else:
            self.send_error(404)

    def _interface(self, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        document = json.loads(body) if body else None
        try:
            answer = self.forge.answer(Asked(self.command, self.path, document, headers))
        except Lost:
            self.close_connection = True
            return
        self._send(answer.status, answer.headers, json.dumps(answer.document).encode())

    def _git(self, body: bytes) -> None:
        """Let git itself answer, as any web server does."""
        parts = urlsplit(self.path)
        owner = parts.path.split("/")[1]
        bare = self.forge.forks.get(owner, self.forge.bare)
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(bare.parent),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": parts.path.removeprefix(f"/{owner}"),
            "QUERY_STRING": parts.query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REMOTE_ADDR": "127.0.0.1",
        }
        done = subprocess.run(
            ["git", "http-backend"], input=body, env=environment, capture_output=True, check=False
        )
        head, _, rest = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines() if ": " in line)
        status = int(headers.pop("Status", "200").split()[0])
        self._send(status, headers, rest)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            chunks = []
            while size := int(self.rfile.readline(), 16):
                chunks.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(chunks)
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _send(self, status: int, headers: dict[str, str], data: bytes) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json"} | headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Stay silent."""
