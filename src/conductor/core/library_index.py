"""`index.json` of a library: what there is to find, one entry for each ensemble, sorted by name.

It is generated after merging and never edited: a file that every contribution touches would make
each two of them conflict.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from conductor.core.claim import Claim
from conductor.core.closure import Closure, Kind, agents_of
from conductor.core.deprecation import Deprecation

INDEX = "index.json"
_SOURCE = "self-reported"  # nobody has made the runs again
_TOLD = ("version", "license", "task")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An ensemble with its closure, and the newest claim about this content."""

    name: str
    document: Mapping[str, Any]
    closure: Closure
    evidence: str = ""  # path of the statement
    claim: Claim | None = None
    deprecated: Deprecation | None = None


def index_text(items: Iterable[Item]) -> str:
    """Write the index; the same library gives the same bytes."""
    entries = [_entry(one) for one in sorted(items, key=lambda one: one.name)]
    return json.dumps({"format": 1, "ensembles": entries}, indent=1, ensure_ascii=False) + "\n"


def _entry(item: Item) -> dict[str, object]:
    block = item.document.get("x-conductor")
    block = block if isinstance(block, dict) else {}
    named = {kind: [one.name for one in item.closure.of(kind)] for kind in Kind}
    return {
        "name": item.name,
        "description": str(item.document.get("description") or ""),
        **{key: str(block.get(key) or "") for key in _TOLD},
        "agents": len(agents_of(item.document)),
        "profiles": named[Kind.PROFILE],
        "scripts": named[Kind.SCRIPT] + named[Kind.FILE],
        "ensembles": [one for one in named[Kind.ENSEMBLE] if one != item.name],
        "complete": not item.closure.gaps,
        "text_digest": item.closure.text_digest,
        "evidence": _evidence(item),
        "deprecated": item.deprecated.to_json() if item.deprecated else None,
    }


def _evidence(item: Item) -> dict[str, object] | None:
    """Give the counts, which are the contributor's own; None without any for this content."""
    claim = item.claim
    if claim is None:
        return None
    return {
        "file": item.evidence,
        "source": _SOURCE,
        "judge": claim.judge,
        "good": claim.good,
        "acceptable": claim.acceptable,
        "poor": claim.poor,
        "distinct_inputs": claim.inputs,
        "interval_percent": list(claim.interval),
    }
