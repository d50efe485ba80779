"""A demotion as data: what leaves a tier, and what stays there because others need it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conductor.core.digest import digest
from conductor.core.tier import Tier

_SHOWN = 8  # characters of the digest that a person reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Demotion:
    """INVARIANT: the ensemble comes first in `removed`: it is never there without a part."""

    ensemble: str
    tier: Tier
    place: str  # the folder that it leaves
    promoted: str  # digest of the plan by which it came there
    removed: Mapping[str, str]  # path -> digest
    kept: Mapping[str, tuple[str, ...]]  # path -> the ensembles that need it
    gone: tuple[str, ...] = ()  # were promoted and are not there any more
    changed: tuple[str, ...] = ()  # by somebody else since: not ours to remove
    needed_by: tuple[str, ...] = ()  # ensembles in the tier that run this one

    @property
    def possible(self) -> bool:
        return not self.changed and not self.needed_by

    def document(self) -> dict[str, object]:
        """Give what consent is given to."""
        return {
            "format": 1,
            "ensemble": self.ensemble,
            "from": str(self.tier),
            "place": self.place,
            "promoted": self.promoted,
            "removed": dict(self.removed),
            "kept": sorted(self.kept),
        }

    @property
    def digest(self) -> str:
        return digest(self.document())

    @property
    def short(self) -> str:
        return self.digest.removeprefix("sha256:")[:_SHOWN]
