"""The clock and the dice: the only place that asks the time or draws random bytes."""

from __future__ import annotations

import os
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no letter looks like a digit
_TIME_DIGITS, _RANDOM_DIGITS = 9, 7  # 45 bits of milliseconds last until the year 3084


def now() -> str:
    """Give the time in UTC, ISO 8601 with milliseconds: `2026-11-24T05:06:07.089Z`."""
    seconds, milliseconds = divmod(time.time_ns() // 1_000_000, 1000)
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{stamp}.{milliseconds:03d}Z"


def new_id() -> str:
    """Make an id of 16 characters that sorts by time and that no other process makes."""
    random = int.from_bytes(os.urandom(5), "big")
    milliseconds = time.time_ns() // 1_000_000
    return _digits(milliseconds, _TIME_DIGITS) + _digits(random, _RANDOM_DIGITS)


def stopwatch() -> float:
    """Give seconds from an arbitrary start; only differences mean something."""
    return time.monotonic()


def _digits(number: int, count: int) -> str:
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(count)))
