"""Two policies side by side: everything that `diff` has to say, as values."""

from __future__ import annotations

from dataclasses import dataclass

from conductor.core.changes import Change
from conductor.core.difference import Flip
from conductor.core.replay import Replay


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsembleChange:
    """`changes` are leaves of its YAML; none of them although it changed: what it needs did."""

    name: str
    what: str  # `added`, `removed` or `changed`
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """INVARIANT: no `flips` is a proof, over all combinations of facts, that no outcome differs."""

    old_revision: str
    new_revision: str
    flips: tuple[Flip, ...]  # towards smaller models first
    changes: tuple[Change, ...]  # numbers, rubrics, what rules do after they decided
    derivation: tuple[Change, ...]  # defaults and signals: what a text or a gap comes to
    ensembles: tuple[EnsembleChange, ...]
    replay: Replay | None = None  # None: nothing was ever logged

    @property
    def riskier(self) -> tuple[Flip, ...]:
        """Give the flips towards smaller models."""
        return tuple(flip for flip in self.flips if flip.riskier)
