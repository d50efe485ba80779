"""A ledger as lines of JSON: a head, a line per row, and an end that shows that none is missing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from conductor.errors import SourceError

Line = tuple[str, dict[str, object]]  # a table's name, and a row by column

_HINT = "take a file that `conductor ledger export` wrote to its end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an import did."""

    new: Mapping[str, int]  # rows by table
    known: int  # rows that were there
    different: int  # of these, rows that were there with other content, and were left


def write_lines(rows: Iterable[Line], version: int) -> Iterator[str]:
    """Give the lines of a file; `version` is that of the schema."""
    yield json.dumps({"format": 1, "ledger": version})
    count = 0
    for table, row in rows:
        count += 1
        yield json.dumps({"table": table, "row": row}, ensure_ascii=False)
    yield json.dumps({"end": True, "rows": count})


def read_lines(lines: Iterable[bytes], file: str, version: int) -> Iterator[Line]:
    """Read them back; raises SourceError at the line where it is something else."""
    count, ended = -1, False
    for number, line in enumerate(lines, 1):
        document = _object(line, f"{file}:{number}")
        if number == 1:
            _check_head(document, file, version)
        elif "end" in document:
            ended = document.get("rows") == count
        else:
            yield _row(document, f"{file}:{number}")
        count += 1
    if not ended:
        raise SourceError("the file is cut off: its last line is missing", at=file, hint=_HINT)


def _object(line: bytes, at: str) -> dict[str, object]:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SourceError("the line is no JSON", at=at, hint=_HINT) from error
    if not isinstance(document, dict):
        raise SourceError("the line is no object", at=at, hint=_HINT)
    return document


def _check_head(document: Mapping[str, object], file: str, version: int) -> None:
    given = document.get("ledger")
    if document.get("format") != 1 or not isinstance(given, int):
        raise SourceError("this is no exported ledger", at=f"{file}:1", hint=_HINT)
    if given != version:
        newer = given > version
        hint = "install that one" if newer else "export it again with this conductor"
        age = "a newer" if newer else "an older"
        raise SourceError(f"this is from {age} conductor", at=f"{file}:1", hint=hint)


def _row(document: Mapping[str, object], at: str) -> Line:
    table, row = document.get("table"), document.get("row")
    if not isinstance(table, str) or not isinstance(row, dict):
        raise SourceError("the line is no row", at=at, hint=_HINT)
    return table, row
