"""Findings as JSON values: the one form that both faces print."""

from __future__ import annotations

from collections.abc import Iterable

from conductor.core.finding import Edit, Finding, Fix


def findings(found: Iterable[Finding]) -> list[dict[str, object]]:
    """Give each finding as an object; what it has nothing to say about has no key."""
    return [_finding(one) for one in found]


def _finding(one: Finding) -> dict[str, object]:
    always: dict[str, object] = {
        "name": one.name,
        "level": str(one.level),
        "message": one.message,
        "file": one.at.file,
        "line": one.at.line,
        "column": one.at.column,
        "hint": one.hint,
    }
    return always | _sometimes(one)


def _sometimes(one: Finding) -> dict[str, object]:
    more: dict[str, object] = {}
    if one.code:
        more["code"] = one.code
    if one.end:
        more |= {"end_line": one.end.line, "end_column": one.end.column}
    if one.related:
        more["related"] = [
            {"file": other.at.file, "line": other.at.line, "column": other.at.column}
            | {"message": other.message}
            for other in one.related
        ]
    if one.fix:
        more["fix"] = _fix(one.fix)
    if one.waived:
        more["waived"] = one.waived
    return more


def _fix(fix: Fix) -> dict[str, object]:
    return {"does": fix.does, "edits": [_edit(edit) for edit in fix.edits]}


def _edit(edit: Edit) -> dict[str, object]:
    return {
        "file": edit.at.file,
        "line": edit.at.line,
        "column": edit.at.column,
        "end_line": edit.end.line,
        "end_column": edit.end.column,
        "text": edit.text,
    }
