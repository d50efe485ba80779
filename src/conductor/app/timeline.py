"""The ledger's sums by day as a row of days or weeks without gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from conductor.core.report import Period, Periods
from conductor.core.run import RunStatus
from conductor.core.tokens import of_reading
from conductor.core.usage import Usage

_DAYS = 35  # a longer time is told in weeks
_PERIODS = 104  # the newest so many are told
_WEEK = 7


def periods(usage: Sequence[Usage]) -> Periods:
    """Give the time from the first run to the last one: by days, or by weeks from Monday on."""
    if not usage:
        return Periods(days=1, each=())
    named = [date.fromisoformat(one.day) for one in usage]
    first, last = min(named), max(named)
    step = 1 if (last - first).days < _DAYS else _WEEK
    if step == _WEEK:
        first -= timedelta(days=first.weekday())
    runs, saved, lost = Counter[int](), Counter[int](), Counter[int]()
    for day, one in zip(named, usage, strict=True):
        number = (day - first).days // step
        runs[number] += one.runs
        if of_reading(one.estimator):
            continue  # a brief is written for Claude, not in its place
        if one.status is RunStatus.SUCCEEDED:
            saved[number] += one.claude_tokens
        else:
            lost[number] += one.claude_tokens
    count = (last - first).days // step + 1
    return Periods(
        days=step,
        each=tuple(
            Period(
                day=(first + timedelta(days=number * step)).isoformat(),
                runs=runs[number],
                saved=saved[number],
                lost=lost[number],
            )
            for number in range(max(0, count - _PERIODS), count)
        ),
    )
