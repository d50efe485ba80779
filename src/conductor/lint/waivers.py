"""Waivers: findings that somebody lets stand, in writing, for as long as the text stays the same.

They live under `x-conductor` in the file that they are about, because an unknown key there is the
only thing that the engine tolerates and other tools keep.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from conductor.core.digest import digest_bytes
from conductor.lint.rule import Hit, Rule
from conductor.lint.subject import Subject

SHORTEST_REASON = 12  # characters
_EMPTY_REASON = re.compile(
    r"(?:todo|fixme|by design|false positive|not needed|ignore|n/?a|none)[\s.!]*", re.IGNORECASE
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One entry as it is written; `index` is its place in the list."""

    index: int
    rule: str  # name or code
    at: str  # field, as findings name it
    match: str  # digest of the matched text
    reason: str
    until: str  # ISO date, inclusive; empty: no end
    by: str


def waivers(subject: Subject) -> list[Waiver]:
    """Read the waivers of a file; what is no mapping is passed over."""
    entries = subject.block.get("waivers")
    return [
        Waiver(index=index, **{key: _text(entry, key) for key in _KEYS})
        for index, entry in enumerate(entries if isinstance(entries, list) else [])
        if isinstance(entry, dict)
    ]


_KEYS = ("rule", "at", "match", "reason", "until", "by")


def binding(hit: Hit) -> str:
    """Give the digest that a waiver names: of the text that the finding is about."""
    return digest_bytes(hit.matched.encode())


def meets(waiver: Waiver, rule: Rule, field: str, hit: Hit) -> bool:
    """Tell whether a waiver is about this finding, be it valid or not."""
    return (
        waiver.rule.lower() in {rule.name, rule.code.lower()}
        and waiver.at == field
        and waiver.match == binding(hit)
    )


def problem(waiver: Waiver, today: str) -> str:
    """Say why a waiver does not count; empty when it does. `today` is an ISO date."""
    reason = waiver.reason.strip()
    if len(reason) < SHORTEST_REASON or _EMPTY_REASON.fullmatch(reason):
        return "gives no reason"
    if waiver.until and not _DATE.fullmatch(waiver.until):
        return f"ends on `{waiver.until}`, which is no date"
    if waiver.until and waiver.until < today:
        return f"ended on {waiver.until}"
    return ""


def _text(entry: dict[str, object], key: str) -> str:
    value = entry.get(key)
    return "" if value is None else str(value)
