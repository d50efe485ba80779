"""A process that dies by SIGKILL at a moment that can be counted.

The moments are those where Python is about to change something: a file is opened for writing,
renamed, linked or removed, a folder is made, a program is started. The process is a fork of this
one, so that a death costs milliseconds and every moment can have its own.
"""

from __future__ import annotations

import os
import signal
import sys
import warnings
from collections.abc import Callable

FILES = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link"})
PROGRAMS = frozenset({"subprocess.Popen"})
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def died(act: Callable[[], object], *, at: int, moments: frozenset[str] = FILES) -> bool:
    """Do something in a process of its own that dies at the moment `at` (from 1).

    False when it came to its end before. Raises AssertionError when it failed by itself.
    """

    def counted() -> None:
        _count(at, moments)
        act()

    status = in_fork(counted)
    assert status in {0, -signal.SIGKILL}
    return status != 0


def in_fork(act: Callable[[], object]) -> int:
    """Do something in a process of its own; gives its exit code, negative for a signal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # a server's thread stays behind
        child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        act()
    except BaseException as error:  # noqa: BLE001 - pytest is not to go on in the fork
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        os._exit(1)
    os._exit(0)


def _count(at: int, moments: frozenset[str]) -> None:
    seen = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event not in moments or (event == "open" and not _writes(arguments)):
            return
        seen += 1
        if seen == at:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def _writes(arguments: tuple[object, ...]) -> bool:
    flags = arguments[2]
    return isinstance(flags, int) and bool(flags & _WRITES)
