"""What local runs spare Claude and what they cost it: an account of graded rows.

Amounts are estimated tokens of Claude. A row's `least` takes every cost at its highest, its `most`
at its lowest. What nobody can know is never booked as saved: the headline is what was judged, less
every cost, and an assumption may lower it but never raise it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil, floor

from conductor.core.evidence import USED
from conductor.core.footprint import READ, SESSION, SKILL, WRITTEN
from conductor.core.forms import Form, forms_of
from conductor.core.judged import Outputs
from conductor.core.price import NOTHING, Tokens
from conductor.core.run import RunStatus
from conductor.core.tokens import of_reading
from conductor.core.usage import Usage

JUDGED, UNJUDGED, UNKNOWN = "judged", "unjudged", "unknown"
BRIEFS = ("briefs-judged", "briefs-unjudged", "briefs-unknown")  # the same of what Claude judges on
REJECTED, FAILED, CONTEXT = "rejected", "failed", "context"


class Grade(StrEnum):
    MEASURED = "measured"  # counted, or told at its highest
    BOUNDED = "bounded"  # between two numbers that are known
    ASSUMED = "assumed"  # nobody checked it here


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the account, in tokens of Claude."""

    name: str
    count: int  # of runs; of days where `name` is CONTEXT
    grade: Grade
    gross: int = 0  # of outputs that passed their checks; of briefs, what there is less to read
    rework: tuple[int, int] = (0, 0)  # of them not good enough, at least and at most
    reading: bool = False  # whether these two are tokens that Claude reads, not writes
    overhead: Tokens = NOTHING  # spent on it, at most: where Claude does everything
    unavoidable: Tokens = NOTHING  # spent on it, at least: at the terminal

    @property
    def least(self) -> Tokens:
        """What Claude is spared, with every cost at its highest; negative: it pays."""
        return self._net(self.rework[1], self.overhead)

    @property
    def most(self) -> Tokens:
        return self._net(self.rework[0], self.unavoidable)

    def _net(self, rework: int, cost: Tokens) -> Tokens:
        kept = self.gross - rework
        spared = Tokens(0, kept) if self.reading else Tokens(kept, 0)
        return spared.plus(Tokens(-cost.written, -cost.read))


@dataclass(frozen=True, slots=True, kw_only=True)
class Savings:
    """The account, and what it is made from."""

    rows: tuple[Row, ...]
    estimators: tuple[str, ...]
    gross: int  # tokens of the outputs of the runs that succeeded
    rework: int  # of them judged poor
    judging: int  # tokens that judging cost
    input_tokens: int  # local, as the servers counted; in loops, as estimated
    output_tokens: int
    succeeded: int
    rejected: int
    failed: int
    interrupted: int

    @property
    def headline(self) -> Tokens:
        """What is shown: the measured rows, less what the context is assumed to cost."""
        shown = (row for row in self.rows if row.grade is Grade.MEASURED or row.name == CONTEXT)
        return _sum(row.least for row in shown)

    @property
    def least(self) -> Tokens:
        return _sum(row.least for row in self.rows)

    @property
    def most(self) -> Tokens:
        return _sum(row.most for row in self.rows)

    @property
    def per_run(self) -> int:
        """What a run that succeeded saves before Claude's context is counted: see `footprint`."""
        runs = sum(row.count for row in self.rows if row.name in (JUDGED, UNJUDGED, UNKNOWN))
        return (self.gross - self.rework - self.judging) // runs if runs else 0


def savings(usage: Sequence[Usage], judged: Iterable[Outputs]) -> Savings:
    """Make the account of these runs; `judged` says what became of their outputs, by form.

    A run that failed, or whose output a check turned down, saves nothing and costs its call.
    """
    outputs = {one.bound_digest: one for one in judged}
    forms = forms_of([one for one in usage if not of_reading(one.estimator)], outputs)
    briefs = forms_of([one for one in usage if of_reading(one.estimator)], outputs)
    judging = sum(one.judge_tokens for one in outputs.values())
    on_briefs = sum(one.outputs.judge_tokens for one in briefs)
    runs = {status: sum(one.runs for one in usage if one.status is status) for status in RunStatus}
    return Savings(
        rows=(
            *_written(forms, judging - on_briefs),
            *(_prepared(briefs, on_briefs) if briefs else ()),
            *_lost(usage),
            _context(usage),
        ),
        estimators=tuple(sorted({one.estimator for one in usage if one.status in USED})),
        gross=sum(one.tokens for one in forms),
        rework=sum(one.outputs.poor_tokens for one in forms),
        judging=judging,
        input_tokens=sum(one.input_tokens for one in usage),
        output_tokens=sum(one.output_tokens for one in usage),
        succeeded=runs[RunStatus.SUCCEEDED],
        rejected=runs[RunStatus.REJECTED],
        failed=runs[RunStatus.FAILED],
        interrupted=runs[RunStatus.INTERRUPTED],
    )


def _written(forms: Sequence[Form], judging: int) -> Iterator[Row]:
    """Split what was written by what is known of it."""
    known = [one for one in forms if one.judged]
    unknown = [one for one in forms if not one.judged]
    poor = sum(one.outputs.poor_tokens for one in known)
    gross = poor + sum(one.outputs.accepted_tokens for one in known)
    count = sum(one.judged for one in known)
    yield Row(
        name=JUDGED,
        count=count,
        grade=Grade.MEASURED,
        gross=gross,
        rework=(poor, poor),
        overhead=_handled(count, gross).plus(Tokens(judging, 0)),  # as if all of it were written
        unavoidable=Tokens(0, judging),
    )
    rest, count = sum(one.rest for one in known), sum(one.runs - one.judged for one in known)
    yield Row(
        name=UNJUDGED,
        count=count,
        grade=Grade.BOUNDED,
        gross=rest,
        rework=(
            sum(floor(one.rest * one.poor[0]) for one in known),
            sum(ceil(one.rest * one.poor[1]) for one in known),
        ),
        overhead=_handled(count, rest),
    )
    tokens, count = sum(one.tokens for one in unknown), sum(one.runs for one in unknown)
    yield Row(
        name=UNKNOWN,
        count=count,
        grade=Grade.ASSUMED,
        gross=tokens,
        rework=(0, tokens),
        overhead=_handled(count, tokens),
    )


def _prepared(forms: Sequence[Form], judging: int) -> Iterator[Row]:
    """Account for briefs: the difference is what Claude reads less, where the brief was good.

    Where it was not, Claude reads everything after all, and has read the brief for nothing.
    """
    for name, row in zip(BRIEFS, _written(forms, judging), strict=True):
        poor = {
            JUDGED: sum(one.outputs.poor_runs * one.length for one in forms),
            UNJUDGED: sum(
                ceil((one.runs - one.judged) * one.poor[1]) * one.length
                for one in forms
                if one.judged
            ),
            UNKNOWN: sum(one.runs * one.length for one in forms if not one.judged),
        }[row.name]
        judged = Tokens(judging, 0) if row.name == JUDGED else NOTHING
        cost = Tokens(WRITTEN * row.count, READ * row.count + poor).plus(judged)
        yield replace(row, name=name, reading=True, overhead=cost)


def _lost(usage: Sequence[Usage]) -> Iterator[Row]:
    """Count what saved nothing: a call was made, and what came out was perhaps read."""
    rejected = [one for one in usage if one.status is RunStatus.REJECTED]
    count, tokens = sum(one.runs for one in rejected), sum(one.claude_tokens for one in rejected)
    yield Row(name=REJECTED, count=count, grade=Grade.MEASURED, overhead=_handled(count, tokens))
    count = sum(one.runs for one in usage if one.status not in USED)
    yield Row(name=FAILED, count=count, grade=Grade.MEASURED, overhead=_handled(count, 0))


def _context(usage: Sequence[Usage]) -> Row:
    days = len({one.day for one in usage})
    cost = Tokens(0, (SESSION + SKILL) * days)
    return Row(name=CONTEXT, count=days, grade=Grade.ASSUMED, overhead=cost)


def _handled(runs: int, tokens: int) -> Tokens:
    """Give what runs cost that Claude calls for, and whose outputs it reads."""
    return Tokens(WRITTEN * runs, READ * runs + tokens)


def _sum(tokens: Iterable[Tokens]) -> Tokens:
    total = NOTHING
    for one in tokens:
        total = total.plus(one)
    return total
