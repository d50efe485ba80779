"""Two ways to send the same requests. No token is ever an argument, part of an address or printed.

A workspace may come from somebody else and name any host: a token goes only to the host that the
person's own environment or `gh` says it is for.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException
from typing import Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from conductor.errors import OutsideError

_SECONDS = 60
_MOST_BYTES = 5_000_000
_GITHUB = "github.com"
_ENTERPRISE = ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN")


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; `document` is None where it was no JSON."""

    status: int
    document: Any
    headers: Mapping[str, str] = field(default_factory=dict)  # lower case


class Transport(Protocol):
    """Sends a request and gives the reply, whatever its status. Raises OutsideError without one."""

    def send(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Reply:
        """Send; `path` begins after the interface's root: `repos/acme/library`."""
        ...


def find_gh(host: str) -> Gh | None:
    """Give the way through gh, when it is installed and has a login for the host."""
    command = shutil.which("gh")
    gh = Gh(command, host) if command else None
    return gh if gh and gh.logged_in() else None


def find_rest(host: str) -> Rest | None:
    """Give the direct way, when the environment has a token for that very host."""
    if host == _GITHUB:
        names: tuple[str, ...] = ("GH_TOKEN", "GITHUB_TOKEN")
    elif os.environ.get("GH_HOST", "").lower() == host:
        names = _ENTERPRISE
    else:
        return None
    token = next((os.environ[name] for name in names if os.environ.get(name)), "")
    root = "https://api.github.com" if host == _GITHUB else f"https://{host}/api/v3"
    return Rest(root, token) if token else None


class Gh:
    """The command `gh`, which keeps its token to itself."""

    def __init__(self, command: str, host: str) -> None:
        self.command, self.host = command, host

    def logged_in(self) -> bool:
        """Tell whether gh has a token for the host; the token itself goes nowhere."""
        words = ["auth", "token", "--hostname", self.host]
        return self._run(words, output=subprocess.DEVNULL).returncode == 0

    def send(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Reply:
        words = ["api", "--include", "--method", method, path]
        data = b"" if body is None else json.dumps(body).encode()
        done = self._run([*words, *(["--input", "-"] if data else [])], data)
        head, _, rest = done.stdout.replace(b"\r\n", b"\n").partition(b"\n\n")
        first, *lines = head.decode("utf-8", "replace").split("\n")
        words = first.split()
        if len(words) < 2 or not words[0].startswith("HTTP/") or not words[1].isdigit():  # noqa: PLR2004
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            reason = said[-1] if said else f"exit code {done.returncode}"
            raise OutsideError(f"gh cannot reach {self.host}: {reason}", hint=_AGAIN)
        pairs = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        return Reply(int(words[1]), _json(rest), headers)

    def _run(
        self, words: list[str], data: bytes = b"", output: int = subprocess.PIPE
    ) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(  # noqa: S603 - a literal list of arguments
                [self.command, *words],
                input=data,
                stdout=output,
                stderr=subprocess.PIPE,
                timeout=_SECONDS,
                check=False,
                env=self._environment(),
                cwd="/",  # gh would look for a repository around it
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise OutsideError("gh does not answer", hint=_AGAIN) from error

    def _environment(self) -> dict[str, str]:
        """Take from gh what it would send to any host: its enterprise token knows none."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        if self.host != own.get("GH_HOST", "").lower():
            own = {name: value for name, value in own.items() if name not in _ENTERPRISE}
        quiet = {"GH_PROMPT_DISABLED": "1", "GH_NO_UPDATE_NOTIFIER": "1", "NO_COLOR": "1"}
        return own | quiet | {"GH_HOST": self.host}  # `--hostname` takes no port


class Rest:
    """The interface itself."""

    def __init__(self, root: str, token: str) -> None:
        self.root, self._token = root, token
        opener = OpenerDirector()
        # A redirect is not followed: it would carry the token along, or make a read of a write.
        for handler in (ProxyHandler, HTTPSHandler, HTTPErrorProcessor, HTTPDefaultErrorHandler):
            opener.add_handler(handler())
        self._open = opener.open

    def __repr__(self) -> str:
        return f"Rest({self.root!r})"

    def send(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Reply:
        request = Request(  # noqa: S310 - the root is https
            f"{self.root}/{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={
                "Accept": "application/vnd.github+json",
                "Content-Type": "application/json",
                "User-Agent": "conductor",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        # Not among those that a proxy or a redirect would be given.
        request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        try:
            with self._open(request, timeout=_SECONDS) as reply:
                return _reply(reply.status, reply.headers, reply.read(_MOST_BYTES))
        except HTTPError as error:
            with error:
                return _reply(error.code, error.headers, error.read(_MOST_BYTES))
        except (URLError, HTTPException, OSError) as error:
            reason = getattr(error, "reason", None) or error
            host = urlsplit(self.root).netloc
            raise OutsideError(f"{host} cannot be reached: {reason}", hint=_AGAIN) from None


_AGAIN = "look at the network, then run the same command again: nothing is done twice"


def _reply(status: int, headers: Message, data: bytes) -> Reply:
    return Reply(status, _json(data), {name.lower(): value for name, value in headers.items()})


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None
