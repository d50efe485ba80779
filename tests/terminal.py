"""A real terminal for the command to run in."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

_SECONDS = 60


def converse(folder: Path, arguments: list[str], answers: list[tuple[str, str]]) -> tuple[int, str]:
    """Run the command in a pseudo-terminal; answer each prompt once its text has appeared.

    Gives the exit code and all that was on the screen.
    """
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "conductor", *arguments],
        cwd=folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
        start_new_session=True,
    )
    os.close(theirs)
    shown, seen = "", 0
    for prompt, answer in answers:
        shown = _until(ours, shown, seen, prompt)
        seen = shown.index(prompt, seen) + len(prompt)
        os.write(ours, f"{answer}\n".encode())
    shown = _until(ours, shown, seen, None)
    os.close(ours)
    return process.wait(_SECONDS), shown.replace("\r\n", "\n")


def _until(screen: int, shown: str, seen: int, prompt: str | None) -> str:
    """Read until the prompt stands on the screen, or until the program has ended."""
    deadline = time.monotonic() + _SECONDS
    while prompt is None or prompt not in shown[seen:]:
        assert time.monotonic() < deadline, f"waited for {prompt!r} on:\n{shown}"
        try:
            data = os.read(screen, 65536)
        except OSError:  # the other end is closed
            data = b""
        if not data:
            assert prompt is None, f"ended before {prompt!r}:\n{shown}"
            return shown
        shown += data.decode(errors="replace")
    return shown
