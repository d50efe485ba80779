"""How well decisions agree with people's labels: task types, and what went to local models.

A label is a task type, other types that are right as well, and a route. A predicted child counts
as its ancestor: whoever labels `summarization` accepts `summarization.document_review`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from conductor.core.evidence import wilson
from conductor.core.lineage import lineage
from conductor.core.policy import COMPOSE, LOCAL

LOCALLY = frozenset({LOCAL, COMPOSE})  # outcomes that leave the task to small models


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One labelled task and its decision. `local` is None where nobody labelled the route."""

    id: str
    task: str
    also: tuple[str, ...]  # types that a lenient reader accepts too
    local: bool | None
    predicted: str
    outcome: str
    group: str = ""

    @property
    def exact(self) -> bool:
        return covers(self.task, self.predicted)

    @property
    def acceptable(self) -> bool:
        return any(covers(task, self.predicted) for task in (self.task, *self.also))


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`hits` of `of`, with the 95 % Wilson interval; all in percent where it is shown."""

    hits: int
    of: int

    @property
    def percent(self) -> float:
        return round(100 * self.hits / self.of, 1) if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        low, high = wilson(self.hits, self.of)
        return round(100 * low, 1), round(100 * high, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeScore:
    """One task type, strictly: `found` of `labelled`, among `predicted` rows of that type."""

    task: str
    labelled: int
    predicted: int
    found: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall, in percent; 0 where both are."""
        both = self.labelled + self.predicted
        return round(200 * self.found / both, 1) if both else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """INVARIANT: `types` has every labelled type; a type that is only predicted has no F1."""

    rows: int
    strict: Share
    lenient: Share
    types: tuple[TypeScore, ...]
    confusion: Mapping[str, Mapping[str, int]]  # labelled -> predicted -> rows
    local_precision: Share
    local_recall: Share
    unsafe: tuple[str, ...]  # ids of what went local against its label

    @property
    def macro_f1(self) -> float:
        return round(sum(one.f1 for one in self.types) / len(self.types), 1) if self.types else 0.0


def score(rows: Sequence[Labelled]) -> Score:
    """Add up. Rows without a labelled route count for the types only."""
    routed = [row for row in rows if row.local is not None]
    sent = [row for row in routed if row.outcome in LOCALLY]
    right = sum(row.local is True for row in sent)
    confusion: dict[str, Counter[str]] = {}
    labels = {row.task for row in rows}
    for row in rows:
        known = (one for one in lineage(row.predicted) if one in labels)
        answered = row.task if row.exact else next(known, row.predicted)
        confusion.setdefault(row.task, Counter())[answered] += 1
    return Score(
        rows=len(rows),
        strict=_share(row.exact for row in rows),
        lenient=_share(row.acceptable for row in rows),
        types=tuple(_type(task, confusion) for task in sorted(confusion)),
        confusion={task: dict(confusion[task]) for task in sorted(confusion)},
        local_precision=Share(hits=right, of=len(sent)),
        local_recall=Share(hits=right, of=sum(row.local is True for row in routed)),
        unsafe=tuple(row.id for row in sent if not row.local),
    )


def covers(task: str, predicted: str) -> bool:
    """Tell whether `predicted` is the task type or one below it."""
    return predicted == task or predicted.startswith(f"{task}.")


def _share(answers: Iterable[bool]) -> Share:
    given = list(answers)
    return Share(hits=sum(given), of=len(given))


def _type(task: str, confusion: Mapping[str, Mapping[str, int]]) -> TypeScore:
    return TypeScore(
        task=task,
        labelled=sum(confusion[task].values()),
        predicted=sum(row.get(task, 0) for row in confusion.values()),
        found=confusion[task].get(task, 0),
    )
