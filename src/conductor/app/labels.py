"""Files of labelled texts: one JSON object a line, with a text and the task type that it has."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from conductor.adapters import files
from conductor.core.mining import Label
from conductor.errors import ConductorError, SourceError

T = TypeVar("T")


def labels_of(path: str) -> Iterator[Label]:
    """Read the texts and their task types."""
    return read_labelled(path, lambda row, _: label_of(row))


def read_labelled(path: str, make: Callable[[Mapping[str, object], int], T]) -> Iterator[T]:
    """Make something of each row and its line; raises SourceError for a row that it cannot be."""
    for number, line in enumerate(files.read_lines(path), 1):
        if line.strip():
            try:
                yield make(json.loads(line), number)
            except (ValueError, KeyError, TypeError, RecursionError, ConductorError) as error:
                raise SourceError(
                    "this line is no labelled task",
                    at=f"{path}:{number}",
                    hint="it needs `prompt` and `gold_task_type`, both texts; "
                    "`gold_route` is `LOCAL`, `CLAUDE` or null",
                ) from error


def label_of(row: Mapping[str, object]) -> Label:
    """Give the label of a row: `prompt` or `text`, `gold_task_type`, perhaps `alt_task_types`.

    Raises KeyError or TypeError for another row.
    """
    text = row["prompt"] if "prompt" in row else row["text"]
    task, also = row["gold_task_type"], row.get("alt_task_types")
    if not isinstance(text, str) or not isinstance(task, str):
        raise TypeError("a label is a text")
    if also is not None and not isinstance(also, list):
        raise TypeError("`alt_task_types` is a list")
    return Label(text=text, task=task, also=tuple(str(one) for one in also or ()))
