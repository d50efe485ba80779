"""The clock and the dice: the only place that asks the time or draws random bytes."""

from __future__ import annotations

import os
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no letter looks like a digit
_DAY = 86_400
_TIME_DIGITS, _RANDOM_DIGITS = 9, 7  # 45 bits of milliseconds last until the year 3084


def now() -> str:
    """Give the time in UTC, ISO 8601 with milliseconds: `2026-11-24T05:06:07.089Z`."""
    return _stamp(time.time_ns() // 1_000_000)


def today() -> str:
    """Give the day in UTC: `2026-11-24`."""
    return now()[:10]


def stamp(seconds: float) -> str:
    """Write a time in seconds since 1970 as `now` does."""
    return _stamp(round(seconds * 1000))


def stamp_of_local(text: str) -> str:
    """Write a local time without a zone (`2026-11-24T06:06:07.089`) as `now` does.

    What is no time becomes the beginning of time.
    """
    whole, _, part = text.partition(".")
    try:
        seconds = time.mktime(time.strptime(whole, "%Y-%m-%dT%H:%M:%S"))
    except (ValueError, OverflowError):
        return stamp(0)
    return stamp(seconds + (float(f"0.{part}") if part.isdigit() else 0))


def days_ago(days: float) -> str:
    """Give the time so many days before now, as `now` writes it."""
    return stamp(time.time() - days * _DAY)


def new_id() -> str:
    """Make an id of 16 characters that sorts by time and that no other process makes."""
    random = int.from_bytes(os.urandom(5), "big")
    milliseconds = time.time_ns() // 1_000_000
    return _digits(milliseconds, _TIME_DIGITS) + _digits(random, _RANDOM_DIGITS)


def is_id(text: str) -> bool:
    """Tell whether `new_id` could have made it."""
    return len(text) == _TIME_DIGITS + _RANDOM_DIGITS and set(text) <= set(_ALPHABET)


def stopwatch() -> float:
    """Give seconds from an arbitrary start; only differences mean something."""
    return time.monotonic()


def _stamp(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{text}.{rest:03d}Z"


def _digits(number: int, count: int) -> str:
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(count)))
