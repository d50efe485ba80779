"""`backtest --gold`: what the policy decides about labelled tasks, and how often that is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conductor.app.labels import label_of, read_labelled
from conductor.app.route import Router
from conductor.core.policy import TASK
from conductor.core.scoring import Labelled, Score, score
from conductor.errors import SourceError

_ROUTES = {"LOCAL": True, "CLAUDE": False, None: None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """`groups` is empty unless a key to group by was given."""

    revision: str
    total: Score
    groups: Mapping[str, Score]
    rows: tuple[Labelled, ...]


def grade(router: Router, path: str, *, by: str = "") -> Graded:
    """Decide every line of a labelled file; `by` names a key of its rows to score apart.

    A line needs `prompt` or `text`, and `gold_task_type`; `gold_route` (`LOCAL`, `CLAUDE` or null)
    and `alt_task_types` are optional. Raises SourceError for a line that is not of this form.
    """
    rows = tuple(read_labelled(path, lambda row, number: _row(router, row, number, by)))
    if not rows:
        raise SourceError("the file has no labelled task", at=path, hint="one JSON object a line")
    names = sorted({row.group for row in rows}) if by else []
    return Graded(
        revision=router.policy.revision if router.policy else "",
        total=score(rows),
        groups={name: score([row for row in rows if row.group == name]) for name in names},
        rows=rows,
    )


def _row(router: Router, row: Mapping[str, object], number: int, by: str) -> Labelled:
    label, route = label_of(row), row.get("gold_route")
    if route not in _ROUTES:
        raise TypeError("a route is LOCAL, CLAUDE or null")
    decision, _ = router.decide(label.text)
    predicted = decision.facts.get(TASK)
    return Labelled(
        id=str(row.get("id", number)),
        task=label.task,
        also=label.also,
        local=_ROUTES[route],
        predicted=str(predicted.value) if predicted else "",
        outcome=decision.outcome,
        group=str(row.get(by, "")),
    )
