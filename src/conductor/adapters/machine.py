"""What this machine has."""

from __future__ import annotations

import os
from math import inf
from pathlib import Path

_GIGA = 1e9
_CONTAINER = "/sys/fs/cgroup/memory.max"  # bytes, or `max`


def memory_gigabytes(container: str = _CONTAINER) -> float:
    """Give what models can have: the machine's memory, or less where a container says so.

    Infinite where the system does not say.
    """
    return min(_machine(), _limit(container)) / _GIGA


def slowdown() -> float:
    """Say how many times as long as alone a thread takes beside what runs here; 1 at least.

    It shares the processors evenly with what ran in the last minute. 1 where the system does not
    say.
    """
    try:
        busy = os.getloadavg()[0]
    except (AttributeError, OSError):
        return 1.0
    return max(1.0, (busy + 1) / (os.cpu_count() or 1))


def _machine() -> float:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return inf


def _limit(container: str) -> float:
    try:
        return int(Path(container).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return inf
