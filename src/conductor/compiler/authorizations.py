"""Standing authorizations: from the file, into the file, and those that do nothing."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from conductor.compiler.catalogue import Catalogue
from conductor.compiler.documents import AUTHORIZATIONS, PolicyDocs
from conductor.compiler.problems import Word
from conductor.compiler.rewrite import becomes
from conductor.compiler.source_authorizations import AuthorizationDoc
from conductor.compiler.text import Parsed
from conductor.compiler.toml_places import places as places_of
from conductor.core.authorization import Authorization
from conductor.core.finding import Finding, Level, Place
from conductor.core.lineage import lineage
from conductor.core.policy import Candidate, Rule
from conductor.errors import SourceError

EMPTY = """\
#:schema ../schemas/authorizations.json
# Which ensembles may do which tasks without a question each time. `conductor authorize` writes
# here after a person's yes, `--revoke` ends an entry. Review it as you review the rules.

format = 1
"""

_ENTRY = "authorization"
IDLE = "idle-authorization"


def lowered(policy: PolicyDocs) -> tuple[Authorization, ...]:
    """Give the entries that nobody revoked, in the order of the file."""
    return tuple(
        Authorization(one.task, one.ensemble, one.since, one.until or "")
        for _, one in _entries(policy)
    )


def places(policy: PolicyDocs) -> list[Place]:
    """Say where these entries stand, in the same order."""
    return [_at(policy, index) for index, _ in _entries(policy)]


def wrong(policy: PolicyDocs) -> Iterator[Finding]:
    """Find entries whose days are none, or end before they begin."""
    for at, one in _entries(policy):
        days = {"since": one.since, "until": one.until or one.since}
        if nowhere := next((key for key, day in days.items() if not _is_day(day)), ""):
            message = f"`{days[nowhere]}` is no day of the calendar"
            hint = "write it as in `2026-11-25`"
            place = _at(policy, at, nowhere)
            yield Finding(name="wrong-date", message=message, at=place, hint=hint)
        elif days["until"] < days["since"]:
            message = f"it ends on {one.until}, before it begins on {one.since}"
            hint, place = "exchange the two, or correct one", _at(policy, at, "until")
            yield Finding(name="contradiction", message=message, at=place, hint=hint)


def idle(
    policy: PolicyDocs,
    catalogue: Catalogue,
    candidates: Mapping[str, Sequence[Candidate]],
    rules: Sequence[Rule],
) -> Iterator[Finding]:
    """Find entries for an ensemble that no such task ever goes to: harmless, but not meant."""
    broken = catalogue.broken()
    known = {"task": {*policy.tasks[1].tasks}, "ensemble": {*catalogue.documents, *broken}}
    for index, one in _entries(policy):
        revoke = f"`conductor authorize {one.task} --ensemble {one.ensemble} --revoke`"
        named = {"task": one.task, "ensemble": one.ensemble}
        unknown = next((key for key, name in named.items() if name not in known[key]), "")
        if unknown:
            word = Word(_parsed(policy), (_ENTRY, index, unknown))
            message = f"unknown {'task type' if unknown == 'task' else unknown} `{named[unknown]}`"
            found = word.not_among(known[unknown], IDLE, message, otherwise=revoke)
            yield replace(found, level=Level.WARNING)
        elif one.ensemble not in broken | serving(one.task, candidates, rules):
            message = f"no `{one.task}` task goes to `{one.ensemble}`"
            yield _finding(_at(policy, index), IDLE, message, f"correct it, or {revoke}")


def ended(policy: PolicyDocs, today: str) -> Iterator[Finding]:
    """Find entries whose last day has passed."""
    for at, one in zip(places(policy), lowered(policy), strict=True):
        if one.over(today):
            yield _finding(
                at,
                "ended-authorization",
                f"that `{one.ensemble}` may do `{one.task}` tasks ended on {one.until}",
                f"renew it with `conductor authorize {one.task} --ensemble {one.ensemble}`, or"
                " remove the entry",
            )


def serving(
    task: str, candidates: Mapping[str, Sequence[Candidate]], rules: Sequence[Rule]
) -> frozenset[str]:
    """Name the ensembles that tasks of a type, or of a child of it, may go to."""
    own = (one.name for name in candidates if task in lineage(name) for one in candidates[name])
    return frozenset((*own, *(rule.ensemble for rule in rules if rule.ensemble)))


def granted(text: str | None, entry: Authorization) -> str:
    """Give the file with another entry at its end; what stands there for the same is revoked."""
    before = EMPTY if text is None else revoked(text, entry.task, entry.ensemble, entry.since)
    lines = [
        f"[[{_ENTRY}]]",
        f"task = {json.dumps(entry.task)}",
        f"ensemble = {json.dumps(entry.ensemble)}",
        f"since = {json.dumps(entry.since)}",
        *([f"until = {json.dumps(entry.until)}"] if entry.until else []),
    ]
    new = before.rstrip("\n") + "\n\n" + "\n".join(lines) + "\n"
    expected = tomllib.loads(before)
    expected.setdefault(_ENTRY, []).append(tomllib.loads("\n".join(lines))[_ENTRY][0])
    return _proven(before, new, expected)


def revoked(text: str, task: str, ensemble: str, day: str) -> str:
    """Give the file with every entry for this pair ended by `day`; the same text without one."""
    for index, one in enumerate(tomllib.loads(text).get(_ENTRY, [])):
        if (one.get("task"), one.get("ensemble")) == (task, ensemble) and "revoked" not in one:
            text = _revoked(text, index, day)
    return text


def _revoked(text: str, index: int, day: str) -> str:
    last = max(at for path, at in places_of(text).offsets.items() if path[:2] == (_ENTRY, index))
    end = text.find("\n", last)
    line = f"\nrevoked = {json.dumps(day)}"
    new = f"{text}{line}\n" if end < 0 else f"{text[:end]}{line}{text[end:]}"
    expected = tomllib.loads(text)
    expected[_ENTRY][index]["revoked"] = day
    return _proven(text, new, expected)


def _proven(text: str, new: str, expected: Mapping[str, Any]) -> str:
    """Give the new text if it says what it should and keeps every comment."""
    if becomes(AUTHORIZATIONS, text, new, expected):
        return new
    raise SourceError(
        "an entry is written in a way that cannot be changed safely",
        at=AUTHORIZATIONS,
        hint="change it by hand",
    )


def _entries(policy: PolicyDocs) -> list[tuple[int, AuthorizationDoc]]:
    """Give the entries that nobody revoked, with their index in the file."""
    if policy.authorizations is None:
        return []
    every = enumerate(policy.authorizations[1].authorization)
    return [(index, one) for index, one in every if one.revoked is None]


def _parsed(policy: PolicyDocs) -> Parsed:
    if policy.authorizations is None:
        raise AssertionError("only a file has entries")
    return policy.authorizations[0]


def _at(policy: PolicyDocs, index: int, *key: str) -> Place:
    return _parsed(policy).at(_ENTRY, index, *key)


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _finding(at: Place, name: str, message: str, hint: str) -> Finding:
    return Finding(name=name, message=message, at=at, hint=hint, level=Level.WARNING)
