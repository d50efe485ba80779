"""The ensembles of a registry, and their index as a file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from conductor.core.closure import Closure


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An ensemble of the registry: what it is for, and the digest of its closure."""

    name: str
    description: str
    task: str
    rubric: str  # empty: the one for its task type
    template: str  # empty: written by hand
    closure: Closure


def index_text(entries: Iterable[Entry]) -> str:
    rows = [
        {
            "name": entry.name,
            "description": entry.description,
            "task": entry.task,
            "template": entry.template,
            "text_digest": entry.closure.text_digest,
        }
        for entry in sorted(entries, key=lambda entry: entry.name)
    ]
    index = {"format": 1, "ensembles": rows}
    return json.dumps(index, indent=2, ensure_ascii=False) + "\n"
