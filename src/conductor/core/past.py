"""A logged decision and what became of it: what routing learns from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from conductor.core.evaluation import Verdict
from conductor.core.evidence import Tally
from conductor.core.replay import logged_of
from conductor.core.run import RunStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One decision. Its runs are those that named it: somebody did what it said, or did not."""

    id: str
    outcome: str
    rule: str  # empty: the default
    facts: Mapping[str, object]  # by name, as logged: value, source and signal
    ran: tuple[RunStatus, ...] = ()
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)  # the last one of each judge

    @property
    def values(self) -> Mapping[str, object] | None:
        """Give what can be decided again; None when a fact is missing or masked."""
        logged = logged_of(self.id, self.facts)
        known = logged.facts if logged else {}
        return known if known and None not in known.values() else None

    def fact(self, name: str) -> Mapping[str, object]:
        """Give what was logged about a fact; empty when nothing was."""
        found = self.facts.get(name)
        return found if isinstance(found, Mapping) else {}


def leading_judge(pasts: Iterable[Past]) -> str:
    """Name the judge of most of these tasks; empty without one. Judges are never mixed."""
    counted = Counter(judge for past in pasts for judge in past.verdicts)
    return min(counted, key=lambda judge: (-counted[judge], judge), default="")


def tally_of(judge: str, pasts: Iterable[Past]) -> Tally:
    """Count what one judge said about these tasks."""
    verdicts = Counter(past.verdicts[judge] for past in pasts if judge in past.verdicts)
    return Tally(judge=judge, **{str(verdict): verdicts[verdict] for verdict in Verdict})
