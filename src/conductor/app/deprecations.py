"""Which ensembles are deprecated, in the tiers that others share with this machine.

`route` asks each time it starts: two folders are listed, and a few small files read.
"""

from __future__ import annotations

from collections.abc import Mapping

from conductor.adapters import files, homes, inside
from conductor.core.deprecation import FOLDER, MOST_BYTES, Deprecation, read_deprecation


def deprecations(root: str | None) -> Mapping[str, Deprecation]:
    """Give them by ensemble; a name means the same in every tier, and tier global comes first."""
    found: dict[str, Deprecation] = {}
    for folder in (homes.library_tier(root), homes.global_tier()):
        found |= deprecations_in(folder)
    return found


def deprecations_in(folder: str) -> dict[str, Deprecation]:
    """Give those of one tier; a file that is none is passed over, for its maintainers to see."""
    found = {}
    for path in files.list_files(folder, FOLDER):
        try:
            one = read_deprecation(path, inside.read(folder, path, MOST_BYTES) or b"")
        except (ValueError, OSError, inside.Escapes):
            continue
        found[one.ensemble] = one
    return found
