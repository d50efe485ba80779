"""A promotion as data. Consent is given to a plan's digest, and only that plan is carried out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from conductor.core.digest import digest
from conductor.core.outward import Outward
from conductor.core.readiness import Readiness
from conductor.core.tier import Tier

FORMAT = 1
_SHOWN = 8  # characters of the digest that a person reads, and types


class Planned(ABC):
    """What is consented to by its digest: a promotion or a demotion."""

    __slots__ = ()

    @abstractmethod
    def document(self) -> dict[str, object]:
        """Give what the digest is taken over."""

    @property
    def digest(self) -> str:
        return digest(self.document())

    @property
    def short(self) -> str:
        return self.digest.removeprefix("sha256:")[:_SHOWN]


class Change(StrEnum):
    """What happens to a file at the destination."""

    ADD = "+"
    SAME = "="
    REPLACE = "~"
    CONFLICT = "!"  # other content that is not ours to replace


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    path: str  # in the tier
    digest: str
    bytes: int
    change: Change
    does: str = ""  # of a script that is new or changed: what its source shows


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Planned):
    """INVARIANT: how far an interrupted application got does not change the digest."""

    ensemble: str
    source: Tier
    target: Tier
    destination: str  # a folder, or the address of the library
    at: str  # UTC
    policy: str  # revision
    readiness: Readiness
    evidence: Mapping[str, object]
    files: tuple[PlannedFile, ...]
    done: bool = False  # the destination has all of it already, by an earlier promotion
    outward: Outward | None = None  # to the library only

    def document(self) -> dict[str, object]:
        """Leave out the state of the destination."""
        outward = {"outward": self.outward.document()} if self.outward else {}
        return {
            "format": FORMAT,
            "ensemble": self.ensemble,
            "from": str(self.source),
            "to": str(self.target),
            "destination": self.destination,
            "at": self.at,
            "policy": self.policy,
            "text_digest": self.readiness.text_digest,
            "bound_digest": self.readiness.bound_digest,
            "gates": {one.gate: str(one.answer) for one in self.readiness.gates},
            "evidence": dict(self.evidence),
            "files": {one.path: one.digest for one in self.files},
            **outward,
        }

    @property
    def conflicts(self) -> tuple[str, ...]:
        return tuple(one.path for one in self.files if one.change is Change.CONFLICT)


def differences(then: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    """Name what makes a plan stale, in the words of its document."""
    found: list[str] = []
    for key in then:
        before, after = then[key], now.get(key)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            found.extend(f"{key}.{one}" for one in differences(before, after))
            found.extend(f"{key}.{one}" for one in after if one not in before)
        elif before != after:
            found.append(key)
    return found
