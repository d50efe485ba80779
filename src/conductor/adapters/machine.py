"""What this machine has."""

from __future__ import annotations

import os
from math import inf

_GIGA = 1e9


def memory_gigabytes() -> float:
    """Give the memory of the machine; infinite where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIGA
    except (AttributeError, OSError, ValueError):
        return inf
