"""What learning proposes: for a person, and for a program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from textwrap import fill

from conductor.core.evidence import Tally
from conductor.core.insights import Insight, Kind
from conductor.core.proposal import Edit, Proposal
from conductor.formats import difference, difference_json
from conductor.formats.text import plural, safe, unified

_INDENT = "    "
_WIDTH = 98
_MORE = 5  # insights shown; the rest is counted


def listing(proposals: Sequence[Proposal], told: Sequence[Insight]) -> str:
    """List proposals and what the history says, for a terminal."""
    blocks = ["\n".join(_short(one)) for one in proposals]
    if told:
        more = len(told) - _MORE
        rest = [f"{_INDENT}… and {plural(more, 'more')}"] if more > 0 else []
        blocks.append("\n".join(["what the history says", *map(_told, told[:_MORE]), *rest]))
    return safe("\n\n".join(blocks))


def page(one: Proposal) -> str:
    """Show one proposal with all that speaks for and against it."""
    lines = [*_short(one), _wrapped(f"risk: {one.risk}")]
    if one.broken:
        names = ", ".join(f"`{name}`" for name in one.broken)
        lines.append(_wrapped(f"cases that would fail, and have to be decided anew: {names}"))
    blocks = ["\n".join(lines)]
    if one.fine_tuning:
        questions = [
            f"  [{asked.speaks:<7}] {asked.question}\n{_wrapped(asked.answer, ' ' * 12)}"
            for asked in one.fine_tuning.questions
        ]
        blocks.append("\n".join(["before anybody trains", *questions]))
    if one.edit:
        blocks.append(edit_text(one.edit))
    if one.comparison:
        blocks.append(difference.text(one.comparison))
    return safe("\n\n".join(blocks))


def edit_text(edit: Edit) -> str:
    """Show an edit as a unified diff."""
    above = bool(edit.old) and not edit.owned
    note = [f"# the workspace has no {edit.file} yet: it takes this one over"] if above else []
    return "\n".join([*note, unified(edit.file, edit.old, edit.new)])


def document(one: Proposal) -> dict[str, object]:
    """Give the object of `--json` for one proposal."""
    edit, tuning = one.edit, one.fine_tuning
    return {
        "id": one.id,
        "kind": str(one.kind),
        "subject": one.subject,
        "change": one.change,
        "evidence": list(one.evidence),
        "risk": one.risk,
        "file": edit.file if edit else None,
        "diff": edit_text(edit) if edit else None,
        "obstacle": one.obstacle or None,
        "broken_cases": list(one.broken),
        "comparison": difference_json.document(one.comparison) if one.comparison else None,
        "fine_tuning": asdict(tuning) if tuning else None,
    }


def insight(one: Insight) -> dict[str, object]:
    """Give the object of `--json` for one insight."""
    return {
        "kind": str(one.kind),
        "subject": one.subject or None,
        "detail": one.detail or None,
        "count": one.count,
        "total": one.total,
        "judged": asdict(one.tally) if one.tally else None,
    }


def _short(one: Proposal) -> Iterator[str]:
    yield f"{one.id}  {one.kind}  {one.subject}: {one.change}"
    yield from map(_wrapped, one.evidence)
    if one.obstacle:
        yield _wrapped(f"cannot be applied here: {one.obstacle}")


def _wrapped(text: str, first: str = _INDENT) -> str:
    return fill(
        text.replace(" %", "\N{NO-BREAK SPACE}%"),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=first if len(first) > len(_INDENT) else f"{_INDENT}  ",
        break_long_words=False,
        break_on_hyphens=False,
    ).replace("\N{NO-BREAK SPACE}", " ")


def _told(one: Insight) -> str:
    subject = f"`{one.subject}`" if one.subject else "the default"
    share = f"{one.count:,} of {one.total:,}"
    sentence = {
        Kind.OVERRIDE: f"{share} tasks that {subject} gave to Claude were run locally all the same",
        Kind.ESCALATION: f"{share} local tasks of {subject} failed their checks and went on",
        Kind.CONTRADICTION: f"signal {subject} was contradicted in {share}: {one.detail}",
        Kind.NEAR_MISS: f"{share} tasks of Claude's lacked only `{one.fact}` for {subject}",
    }[one.kind]
    return _wrapped(f"{sentence}{_judged(one.tally)}", "  ")


def _judged(tally: Tally | None) -> str:
    if tally is None or not tally.judged:
        return ""
    low, high = tally.interval_percent
    return f"; {tally.accepted} of {tally.judged} judged were accepted ({low}-{high} %)"
