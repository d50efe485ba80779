"""What learning proposes: data for a person to decide about, and an id that follows its content."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from conductor.core.comparison import Comparison
from conductor.core.digest import digest
from conductor.core.fine_tuning import FineTuning

_SHOWN = 8  # characters of the digest


class Kind(StrEnum):
    THRESHOLD = "threshold"
    SIGNAL = "signal"
    RETIRE = "retire"
    FINE_TUNE = "fine-tune"
    JUDGE = "judge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One policy file, as it is and as it would be. `owned` says whether the workspace has it."""

    file: str
    old: str
    new: str
    owned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """INVARIANT: the id depends on what would change, not on how much evidence there is by now."""

    kind: Kind
    subject: str  # rule, signal, ensemble, judge, or task and model
    change: str  # from what to what, in one line
    evidence: tuple[str, ...]
    risk: str
    edit: Edit | None = None  # None: there is nothing that conductor could write
    obstacle: str = ""  # why the edit cannot be applied
    comparison: Comparison | None = None
    broken: tuple[str, ...] = ()  # cases of the policy that would fail
    fine_tuning: FineTuning | None = None

    @property
    def id(self) -> str:
        content = {"kind": str(self.kind), "subject": self.subject, "change": self.change}
        return digest(content).removeprefix("sha256:")[:_SHOWN]

    @property
    def digest(self) -> str:
        """Name the very bytes that a person consents to."""
        written = {self.edit.file: self.edit.new} if self.edit else {}
        return digest({"id": self.id, "files": written})
