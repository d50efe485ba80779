"""Claude Code as a program: without a person, or in a terminal with one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.client.api import Api
from tests.conftest import ROOT

VERSION = "2.1.330"
CLIENT = ROOT / ".venv/client/node_modules/.bin/claude"
OLDER_VERSION = "2.1.197"  # what npm gives to Node 20; runs a marked tool unasked
OLDER = ROOT / ".venv/client-older/node_modules/.bin/claude"
PLUGIN = ("--plugin-dir", str(ROOT / "plugin"))
TOOLS = "mcp__plugin_conductor_conductor"
ALLOWED = ("--allowedTools", f"{TOOLS}__* Bash Write")
_KEY = "sk-not-a-key-of-anybody"
_SECONDS = 60.0
_PAUSE = 0.2


def environment(api: Api | None = None) -> dict[str, str]:
    """Give an environment in which nothing is reached but the scripted API."""
    home = os.environ["HOME"]
    return {
        "HOME": home,
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"],
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "ANTHROPIC_BASE_URL": api.address if api else "http://127.0.0.1:9",
        "ANTHROPIC_API_KEY": _KEY,
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_AUTOUPDATER": "1",
        "DISABLE_TELEMETRY": "1",
        "IS_SANDBOX": "1",
        "MCP_CONNECT_TIMEOUT_MS": "60000",  # else a slow start is a conversation without tools
        "MCP_CONNECTION_NONBLOCKING": "0",
    }


def claude(
    *arguments: str, folder: Path, api: Api | None = None, client: Path = CLIENT
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(client), *arguments],
        cwd=folder,
        env=environment(api),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_SECONDS * 3,
        check=False,
    )


def converse(
    prompt: str, *options: str, folder: Path, api: Api, client: Path = CLIENT
) -> list[dict[str, Any]]:
    """Let the scripted Claude work without a person; gives the events of the stream."""
    streamed = ("--output-format", "stream-json", "--verbose", "--include-hook-events")
    done = claude("-p", prompt, *streamed, *options, folder=folder, api=api, client=client)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


class Terminal:
    """What a person sees and types; the program runs inside tmux."""

    def __init__(self, name: str) -> None:
        self._name = name

    def shown(self) -> str:
        return self._tmux("capture-pane", "-p", "-t", self._name)

    def wait(self, *words: str) -> str:
        """Wait until one of these is on the screen; gives the screen."""
        deadline = time.monotonic() + _SECONDS
        while not any(word in (screen := self.shown()) for word in words):
            assert time.monotonic() < deadline, f"waited for {words} on:\n{screen}"
            time.sleep(_PAUSE)
        return screen

    def type(self, text: str) -> None:
        self._tmux("send-keys", "-t", self._name, "-l", text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self._tmux("send-keys", "-t", self._name, key)
            time.sleep(_PAUSE)

    def _tmux(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-L", self._name, *arguments], capture_output=True, text=True, check=False
        )
        return done.stdout

    def end(self) -> None:
        self._tmux("kill-server")


@contextmanager
def terminal(*options: str, folder: Path, api: Api) -> Iterator[Terminal]:
    """Start Claude Code in a terminal, past the questions of a first start."""
    _trust(folder)
    screen = Terminal(f"conductor-{os.getpid()}-{time.monotonic_ns()}")
    given = environment(api)
    inside = [f"{name}={value}" for name, value in given.items()]
    size = ["-x", "110", "-y", "50"]
    subprocess.run(
        ["tmux", "-L", screen._name, "-f", "/dev/null", "new-session", "-d", "-s", screen._name,  # noqa: SLF001
         *size, "env", "-i", *inside, str(CLIENT), *options],
        cwd=folder, env={**os.environ, "TERM": "xterm-256color"}, check=True,
    )  # fmt: skip
    try:
        yield screen
    finally:
        screen.end()


def _trust(folder: Path) -> None:
    settings = Path(os.environ["HOME"], ".claude.json")
    settings.write_text(
        json.dumps(
            {
                "hasCompletedOnboarding": True,
                "theme": "dark",
                "customApiKeyResponses": {"approved": [_KEY[-20:]], "rejected": []},
                "bypassPermissionsModeAccepted": True,
                "projects": {str(folder.resolve()): {"hasTrustDialogAccepted": True}},
            }
        )
    )
