"""A batch: many inputs of one ensemble, and which of them are finished."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conductor.core.digest import digest_bytes
from conductor.core.run import RunStatus
from conductor.errors import SourceError

_DONE = {RunStatus.SUCCEEDED, RunStatus.REJECTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    id: str  # as the file says, else the number of its line
    input: str

    @property
    def key(self) -> tuple[str, str]:
        """What it is finished as: the same id with another input is another item."""
        return self.id, digest_bytes(self.input.encode())


def read_items(lines: Iterable[bytes], file: str) -> list[Item]:
    """Read a line per item: an object with `input` and perhaps `id`, or the text as JSON.

    Raises SourceError with the first line that is none, or whose id was there before.
    """
    found: dict[str, Item] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        item = _item(line, f"{file}:{number}", str(number))
        if item.id in found:
            raise SourceError(
                f"the id `{item.id}` was there before",
                at=f"{file}:{number}",
                hint="give every item an id of its own, or none an id",
            )
        found[item.id] = item
    return list(found.values())


def _item(line: bytes, at: str, number: str) -> Item:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SourceError("the line is no JSON", at=at, hint=_SHAPE) from error
    entry = {"input": value} if isinstance(value, str) else value
    text = entry.get("input") if isinstance(entry, dict) else None
    name = entry.get("id", number) if isinstance(entry, dict) else None
    if not isinstance(text, str) or not isinstance(name, str | int):
        raise SourceError("the line has no text under `input`", at=at, hint=_SHAPE)
    if not text.strip():
        raise SourceError("the input is empty", at=at, hint="leave the line out")
    return Item(id=str(name), input=text)


_SHAPE = 'write `{"id": "…", "input": "…"}` on each line; the id may be left out'


def finished(lines: Iterable[bytes]) -> dict[tuple[str, str], Mapping[str, object]]:
    """Read the results of earlier starts by the item they are of; a torn line is none.

    What failed or was interrupted is not finished.
    """
    done: dict[tuple[str, str], Mapping[str, object]] = {}
    for line in lines:
        try:
            result = json.loads(line)
        except ValueError:
            continue
        if isinstance(result, dict) and result.get("status") in _DONE:
            done[str(result.get("id")), str(result.get("input_digest"))] = result
    return done
