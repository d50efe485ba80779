"""What the plugin for Claude Code costs in context, and from how many runs a session on it pays.

The sizes are those of the texts that Claude gets, in estimated tokens (`core.tokens`); a test
measures them again. Prices stand to each other as in Anthropic's list of 2026-11-23 for the models
from Haiku to Fable: output costs five times the input, writing to the cache a quarter more. What
judging costs is not here: what a run saves is told without it.
"""

from __future__ import annotations

from dataclasses import dataclass

SESSION = 730  # every session: the skill's and the commands' lines, the server's words, two schemas
SKILL = 990  # once, when the skill is used
WRITTEN = 70  # by Claude, for one delegated run: the calls of `route` and `run`
READ = 120  # by Claude, for one delegated run: both answers, without the output

_OUTPUT = 5.0  # times the price of input
_CACHED = 1.25  # what is read the first time is written to the cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """Tokens, and what they are worth against each other here."""

    session: int
    skill: int
    written: int  # per delegated run
    read: int  # per delegated run, without the output
    saved_per_run: int  # without what is poor and what judging cost; 0 while nothing ran
    pays_from: int | None  # delegated runs in one session; None: at this saving, never


def footprint(saved: int) -> Footprint:
    """Set the cost in context against what a run saves here before that cost, in tokens."""
    return Footprint(
        session=SESSION,
        skill=SKILL,
        written=WRITTEN,
        read=READ,
        saved_per_run=saved,
        pays_from=pays_from(saved),
    )


def pays_from(saved: int) -> int | None:
    """Count the runs of one session after which it has paid; `saved` is by one run, in tokens.

    Claude reads an output instead of writing it, so the output itself is a cost as well.
    """
    gain = saved * _OUTPUT - WRITTEN * _OUTPUT - (READ + saved) * _CACHED
    if gain <= 0:
        return None
    fixed = (SESSION + SKILL) * _CACHED
    return int(-(-fixed // gain))
