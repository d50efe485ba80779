"""`diff`: what a change of policy means, proven over the whole fact space."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conductor.adapters import files
from conductor.app.build import bundle_text
from conductor.core import bundle
from conductor.core.difference import Flip, flips, shared_space
from conductor.core.policy import Policy
from conductor.errors import UsageError

# Sections of the bundle that are no rules, by the word that people know them under.
_NUMBERS = ("sampling", "promotion", "learning", "models", "rubrics")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where the outcomes differ, and which numbers, rubrics and ensembles changed."""

    old_revision: str
    new_revision: str
    flips: tuple[Flip, ...]
    values: tuple[tuple[str, object, object], ...]  # path, before, after; None: not there
    ensembles: tuple[tuple[str, str], ...]  # name, and `added`, `removed` or `changed`

    @property
    def riskier(self) -> bool:
        return any(flip.riskier for flip in self.flips)


def compare(old: str, new: str) -> Difference:
    """Compare two workspaces; raises UsageError or SourceError when one cannot be compiled."""
    before, after = _bundle(old), _bundle(new)
    one, two = bundle.load(before), bundle.load(after)
    left, right = json.loads(before), json.loads(after)
    return Difference(
        old_revision=one.revision,
        new_revision=two.revision,
        flips=tuple(flips(one, two, shared_space(one, two))),
        values=tuple(
            change for name in _NUMBERS for change in _changes(name, left[name], right[name])
        ),
        ensembles=tuple(_ensembles(one, two)),
    )


def _bundle(folder: str) -> str:
    if not (Path(folder) / files.SETTINGS).is_file():
        raise UsageError(
            f"`{folder}` is no workspace", hint="name two folders that hold a conductor.toml"
        )
    return bundle_text(str(Path(folder).resolve()))


def _changes(path: str, old: Any, new: Any) -> list[tuple[str, object, object]]:
    """List the leaves that differ, by their path."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        names = [*old, *(name for name in new if name not in old)]
        return [
            change
            for name in names
            if name != "revision"
            for change in _changes(f"{path}.{name}", old.get(name), new.get(name))
        ]
    return [] if old == new else [(path, old, new)]


def _ensembles(old: Policy, new: Policy) -> list[tuple[str, str]]:
    before, after = _digests(old), _digests(new)
    changes = []
    for name in sorted({*before, *after}):
        if name not in after:
            changes.append((name, "removed"))
        elif name not in before:
            changes.append((name, "added"))
        elif before[name] != after[name]:
            changes.append((name, "changed"))
    return changes


def _digests(policy: Policy) -> dict[str, str]:
    return {one.name: one.text_digest for many in policy.candidates.values() for one in many}
