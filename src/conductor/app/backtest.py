"""`backtest --gold`: what the policy decides about labelled tasks, and how often that is right."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from conductor.adapters import files
from conductor.app.route import Router
from conductor.core.policy import TASK
from conductor.core.scoring import Labelled, Score, score
from conductor.errors import ConductorError, SourceError

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
    rows = tuple(_rows(router, path, by))
    if not rows:
        raise SourceError("the file has no labelled task", at=path, hint="one JSON object a line")
    names = sorted({row.group for row in rows}) if by else []
    return Graded(
        revision=router.policy.revision if router.policy else "",
        total=score(rows),
        groups={name: score([row for row in rows if row.group == name]) for name in names},
        rows=rows,
    )


def _rows(router: Router, path: str, by: str) -> Iterator[Labelled]:
    for number, line in enumerate(files.read_lines(path), 1):
        if line.strip():
            try:
                yield _row(router, json.loads(line), number, by)
            except (ValueError, KeyError, TypeError, RecursionError, ConductorError) as error:
                raise SourceError(
                    "this line is no labelled task",
                    at=f"{path}:{number}",
                    hint="it needs `prompt` and `gold_task_type`, both texts; "
                    "`gold_route` is `LOCAL`, `CLAUDE` or null",
                ) from error


def _row(router: Router, row: Mapping[str, object], number: int, by: str) -> Labelled:
    text = row["prompt"] if "prompt" in row else row["text"]
    task, route, also = row["gold_task_type"], row.get("gold_route"), row.get("alt_task_types")
    if not isinstance(text, str) or not isinstance(task, str) or route not in _ROUTES:
        raise TypeError("a label is a text")
    if also is not None and not isinstance(also, list):
        raise TypeError("`alt_task_types` is a list")
    decision, _ = router.decide(text)
    predicted = decision.facts.get(TASK)
    return Labelled(
        id=str(row.get("id", number)),
        task=task,
        also=tuple(str(one) for one in also or ()),
        local=_ROUTES[route],
        predicted=str(predicted.value) if predicted else "",
        outcome=decision.outcome,
        group=str(row.get(by, "")),
    )
