"""A real terminal for the command to run in."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from select import select
from unittest.mock import patch

_SECONDS = 60  # for a text to appear
_SCREEN = {"TERM": "xterm", "COLUMNS": "100"}

Answers = list[tuple[str, str]]  # a text to wait for, and what is typed then


def converse(folder: Path, arguments: list[str], answers: Answers) -> tuple[int, str]:
    """Run the command at a pseudo-terminal, in this process: one of its own loads for a second.

    Gives the exit code and all that was on the screen.
    """
    ours, theirs = pty.openpty()
    with (
        contextlib.chdir(folder),
        patch.dict(os.environ, _SCREEN),
        ThreadPoolExecutor(1) as pool,
    ):
        ended = pool.submit(_sit_at, theirs, ["conductor", *arguments])
        return _talk(ours, answers, lambda: ended.result(_SECONDS))


def converse_apart(folder: Path, arguments: list[str], answers: Answers) -> tuple[int, str]:
    """Do the same as a shell does: with a process of its own."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "conductor", *arguments],
        cwd=folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, **_SCREEN},
        start_new_session=True,
    )
    os.close(theirs)
    return _talk(ours, answers, lambda: process.wait(_SECONDS))


def _sit_at(terminal: int, argv: list[str]) -> int:
    """Run the command line with all three streams at a terminal, which closes at the end."""
    from conductor.__main__ import main

    with (
        os.fdopen(terminal) as stdin,
        os.fdopen(os.dup(terminal), "w", buffering=1) as stdout,
        os.fdopen(os.dup(terminal), "w", buffering=1) as stderr,
        patch.multiple(sys, argv=argv, stdin=stdin, stdout=stdout, stderr=stderr),
    ):
        return main()


def _talk(ours: int, answers: Answers, ended: Callable[[], int]) -> tuple[int, str]:
    """Answer each prompt once its text has appeared."""
    shown, seen = "", 0
    try:
        for prompt, answer in answers:
            shown = _until(ours, shown, seen, prompt)
            seen = shown.index(prompt, seen) + len(prompt)
            os.write(ours, f"{answer}\n".encode())
        shown = _until(ours, shown, seen, None)
    finally:
        os.close(ours)  # a command that still waits for an answer gets none
    return ended(), shown.replace("\r\n", "\n")


def _until(screen: int, shown: str, seen: int, prompt: str | None) -> str:
    """Read until the prompt stands on the screen, or until the program has ended."""
    deadline = time.monotonic() + _SECONDS
    while prompt is None or prompt not in shown[seen:]:
        ready, _, _ = select([screen], [], [], max(0, deadline - time.monotonic()))
        assert ready, f"waited for {prompt or 'the end'!r} on:\n{shown}"
        try:
            data = os.read(screen, 65536)
        except OSError:  # the other end is closed
            data = b""
        if not data:
            assert prompt is None, f"ended before {prompt!r}:\n{shown}"
            return shown
        shown += data.decode(errors="replace")
    return shown
