"""A deprecation: an ensemble stays where it is, and whoever looks for it learns what to use.

It stands in a file of its own beside the ensemble, so that no judged byte changes and no two
contributions meet in one file. On the start path of `route`.
"""

from __future__ import annotations

import json

from conductor.core.value import Value

FOLDER = "status"
MOST_BYTES = 10_000
LONGEST_REASON = 500  # characters
_STATUS = "deprecated"
_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


class Deprecation(Value):
    """Why an ensemble should not be used any more, and what instead (empty: nothing is named)."""

    __slots__ = ("at", "ensemble", "reason", "replaced_by")

    def __init__(self, ensemble: str, *, at: str, reason: str, replaced_by: str = "") -> None:
        self.ensemble = ensemble
        self.at = at  # ISO date
        self.reason = reason
        self.replaced_by = replaced_by

    def to_json(self) -> dict[str, object]:
        return {
            "at": self.at,
            "reason": self.reason,
            "replaced_by": self.replaced_by or None,
        }

    @property
    def advice(self) -> str:
        """Give one line for a person: the reason, which is foreign text, and what to use."""
        instead = f"; use `{self.replaced_by}`" if self.replaced_by else ""
        return f"deprecated: {self.reason}{instead}"


def path_of(ensemble: str) -> str:
    """Say where a tier keeps it."""
    return f"{FOLDER}/{ensemble}.json"


def deprecation_text(one: Deprecation) -> str:
    """Write the file; the same facts give the same bytes."""
    content = {"format": 1, "ensemble": one.ensemble, "status": _STATUS, **one.to_json()}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def read_deprecation(path: str, data: bytes) -> Deprecation:
    """Read what somebody wrote at `path`; raises ValueError with the reason in words."""
    if len(data) > MOST_BYTES:
        raise ValueError("it is too big")
    try:
        document = json.loads(data)
        ensemble, at, reason = (document[key] for key in ("ensemble", "at", "reason"))
        status, replaced_by = document["status"], document["replaced_by"] or ""
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError("it is not of the form that conductor writes") from error
    if not all(isinstance(one, str) for one in (ensemble, at, reason, replaced_by)):
        raise ValueError("it is not of the form that conductor writes")
    if status != _STATUS:
        raise ValueError("the only status there is, is `deprecated`")
    if path != path_of(ensemble) or not _NAME.issuperset(ensemble + replaced_by):
        raise ValueError("it is about another ensemble than its name says")
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise ValueError(f"its reason is not 1 to {LONGEST_REASON} characters")
    return Deprecation(ensemble, at=at[:10], reason=reason, replaced_by=replaced_by)
