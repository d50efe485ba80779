"""Findings as SARIF 2.1.0, which code scanning services read.

The standard: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from conductor.core.digest import digest
from conductor.core.finding import Edit, Finding, Fix, Place, Related
from conductor.formats.pages import PAGES, Page
from conductor.formats.text import safe

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_FINGERPRINT = "conductorFinding/v1"
_USERS_WORDS = re.compile(r"`[^`]*`")

Object = dict[str, object]


def sarif(
    found: Sequence[Finding],
    *,
    version: str,
    pages: Mapping[str, Page] | None = None,
    below: str = "",
) -> Object:
    """Give one run as a SARIF log.

    `pages` explains names that are not among the built-in ones. `below` is the workspace's
    folder within the repository, because SARIF's paths start at the repository's root.
    """
    known = {**PAGES, **(pages or {})}
    rules = list({one.name: one for one in found}.values())
    places = _Places(below)
    index = {rule.name: number for number, rule in enumerate(rules)}
    driver = {
        "name": "conductor",
        "semanticVersion": version,
        "rules": [_rule(rule, known.get(rule.name)) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(one, index[one.name], fingerprint, places)
            for one, fingerprint in zip(found, fingerprints(found), strict=True)
        ],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def fingerprints(found: Iterable[Finding]) -> list[str]:
    """Give each finding a digest that stays when lines move or the sentence is reworded.

    It covers the name, the file and the user's own words; findings that agree in all of that
    are numbered in their order.
    """
    seen: Counter[str] = Counter()
    marks = []
    for one in found:
        words = [one.name, one.at.file, *_USERS_WORDS.findall(one.message)]
        mark = digest([safe(word) for word in words]).removeprefix("sha256:")[:32]
        seen[mark] += 1
        marks.append(f"{mark}:{seen[mark]}")
    return marks


class _Places:
    """Writes places as SARIF, below the repository's root."""

    def __init__(self, below: str) -> None:
        self.prefix = f"{below}/" if below else ""

    def file(self, place: Place) -> Object:
        name = (self.prefix + place.file).encode(errors="surrogateescape")
        return {"uri": quote(name), "uriBaseId": "%SRCROOT%"}

    def location(self, place: Place, end: Place | None = None) -> Object:
        return {
            "physicalLocation": {
                "artifactLocation": self.file(place),
                "region": _region(place, end),
            }
        }

    def related(self, other: Related) -> Object:
        return {**self.location(other.at), "message": {"text": other.message}}

    def fix(self, fix: Fix) -> Object:
        files = {edit.at.file: edit.at for edit in fix.edits}
        return {
            "description": {"text": fix.does},
            "artifactChanges": [
                {
                    "artifactLocation": self.file(place),
                    "replacements": [_replacement(e) for e in fix.edits if e.at.file == file],
                }
                for file, place in files.items()
            ],
        }


def _rule(one: Finding, page: Page | None) -> Object:
    summary = page.summary if page else f"{one.name.replace('-', ' ').capitalize()}."
    why = (page and page.why) or summary
    return {
        "id": one.code or one.name,
        "name": _pascal(one.name),
        "shortDescription": {"text": summary},
        "fullDescription": {"text": why},
        "help": {"text": why, "markdown": why},
        "defaultConfiguration": {"level": str(one.level)},
    }


def _result(one: Finding, rule: int, fingerprint: str, places: _Places) -> Object:
    text = f"{one.message}\n{one.hint}" if one.hint else one.message
    result: Object = {
        "ruleId": one.code or one.name,
        "ruleIndex": rule,
        "level": str(one.level),
        "message": {"text": text},
        "locations": [places.location(one.at, one.end)],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
    }
    if one.related:
        result["relatedLocations"] = [places.related(other) for other in one.related]
    if one.fix:
        result["fixes"] = [places.fix(one.fix)]
    if one.waived:
        result["suppressions"] = [{"kind": "inSource", "justification": one.waived}]
    return result


def _region(place: Place, end: Place | None) -> Object:
    start: Object = {"startLine": place.line, "startColumn": place.column}
    return {**start, "endLine": end.line, "endColumn": end.column} if end else start


def _replacement(edit: Edit) -> Object:
    return {
        "deletedRegion": _region(edit.at, edit.end),
        "insertedContent": {"text": edit.text},
    }


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))
