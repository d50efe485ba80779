from __future__ import annotations

import pytest

from conductor.core.transfer import Line, read_lines, write_lines
from conductor.errors import SourceError

ROWS: list[Line] = [("run", {"id": "a", "seconds": 0.1}), ("content", {"text": "ü\n"})]


def file(*changes: tuple[str, str], version: int = 2) -> list[bytes]:
    text = "\n".join(write_lines(ROWS, version))
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text.encode().split(b"\n")


def test_what_is_written_is_read_back():
    assert list(read_lines(file(), "f", 2)) == ROWS
    assert list(read_lines(write_bytes([]), "f", 2)) == []


def write_bytes(rows: list[Line]) -> list[bytes]:
    return [line.encode() for line in write_lines(rows, 2)]


@pytest.mark.parametrize(
    ("lines", "at", "message"),
    [
        ([], "f", "cut off"),
        (file()[:-1], "f", "cut off"),
        ([*file()[:2], file()[-1]], "f", "cut off"),
        (file(version=3), "f:1", "from a newer conductor"),
        (file(version=1), "f:1", "from an older conductor"),
        ([b'{"format": 1}'], "f:1", "no exported ledger"),
        ([b"[]"], "f:1", "no object"),
        ([file()[0], b"{"], "f:2", "no JSON"),
        ([file()[0], b'{"table": "run"}'], "f:2", "no row"),
    ],
)
def test_anything_else_is_told_with_its_line(lines, at, message):
    with pytest.raises(SourceError, match=message) as caught:
        list(read_lines(lines, "f", 2))
    assert caught.value.at == at
