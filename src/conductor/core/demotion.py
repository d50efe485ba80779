"""A demotion as data: what leaves a tier, or is deprecated there, and what others still need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from conductor.core.deprecation import Deprecation
from conductor.core.outward import Outward
from conductor.core.plan import Planned
from conductor.core.tier import Tier


class Act(StrEnum):
    REMOVE = "remove"
    DEPRECATE = "deprecate"  # it stays, and says what to use instead
    RENEW = "renew"  # it is deprecated no longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person wants done to an ensemble of a tier."""

    ensemble: str
    tier: Tier
    act: Act = Act.REMOVE
    reason: str = ""
    replaced_by: str = ""  # with DEPRECATE

    def deprecation(self, at: str) -> Deprecation:
        return Deprecation(
            self.ensemble, at=at[:10], reason=self.reason, replaced_by=self.replaced_by
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Demotion(Planned):
    """INVARIANT: the ensemble comes first in `removed`: it is never there without a part."""

    wish: Wish
    place: str  # the folder that it leaves, or the address of the library
    at: str  # UTC
    promoted: str = ""  # digest of the plan by which it came to tier global
    removed: Mapping[str, str] = field(default_factory=dict)  # path -> digest
    written: Mapping[str, str] = field(default_factory=dict)  # path -> digest
    kept: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # path -> who needs it
    gone: tuple[str, ...] = ()  # were promoted and are not there any more
    changed: tuple[str, ...] = ()  # by somebody else since: not ours to remove
    needed_by: tuple[str, ...] = ()  # ensembles in the tier that run this one
    outward: Outward | None = None  # from the library only

    @property
    def ensemble(self) -> str:
        return self.wish.ensemble

    @property
    def tier(self) -> Tier:
        return self.wish.tier

    @property
    def possible(self) -> bool:
        return not self.changed and not (self.wish.act is Act.REMOVE and self.needed_by)

    def document(self) -> dict[str, object]:
        outward = {"outward": self.outward.document()} if self.outward else {}
        return {
            "format": 1,
            "ensemble": self.ensemble,
            "from": str(self.tier),
            "act": str(self.wish.act),
            "reason": self.wish.reason,
            "replaced_by": self.wish.replaced_by or None,
            "place": self.place,
            "at": self.at,
            "promoted": self.promoted,
            "removed": dict(self.removed),
            "written": dict(self.written),
            "kept": sorted(self.kept),
            **outward,
        }
