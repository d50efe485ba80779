"""Where every key and item of a TOML text stands: `tomllib` keeps no positions.

The scanner trusts that `tomllib` has accepted the text, so it only has to find its way through
it: strings, arrays and inline tables must be followed, because a line such as `[1, 2]` inside an
array looks like a table header.
"""

from __future__ import annotations

import re
import tomllib

from conductor.compiler.spots import Path

_BLANK = re.compile(r"(?:\s|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'",
    re.DOTALL,
)
_PLAIN = re.compile(r"[^\s,\]}#]+(?: \d\d:[^\s,\]}#]+)?")  # a date and its time may be two words


def places(text: str) -> dict[Path, int]:
    """Give the offset of each key and array item, by its path; headers count as keys."""
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, int] = {}
        self.lengths: dict[Path, int] = {}  # of arrays of tables

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        while self._skip(_BLANK) < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
        return self.found

    def _header(self) -> Path:
        many = self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        keys = self._keys()
        path: Path = ()
        for place, (key, offset) in enumerate(keys):
            path = (*path, key)
            self.found.setdefault(path, offset)
            last = place == len(keys) - 1
            if many and last:
                index = self.lengths[path] = self.lengths.get(path, 0) + 1
                path = (*path, index - 1)
                self.found[path] = offset
            elif path in self.lengths:
                path = (*path, self.lengths[path] - 1)
        self.at += 2 if many else 1
        return path

    def _pair(self, table: Path) -> None:
        path = table
        for key, offset in self._keys():
            path = (*path, key)
            self.found.setdefault(path, offset)
        self.at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(path)

    def _keys(self) -> list[tuple[str, int]]:
        keys = []
        while True:
            start = self._skip(_SPACE)
            if bare := _BARE_KEY.match(self.text, self.at):
                self.at = bare.end()
                keys.append((bare[0], start))
            else:
                self._skip(STRING)
                quoted = self.text[start : self.at]
                keys.append((tomllib.loads(f"key = {quoted}")["key"], start))
            self._skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return keys
            self.at += 1

    def _value(self, path: Path) -> None:
        match self.text[self.at]:
            case "[":
                self._array(path)
            case "{":
                self._inline_table(path)
            case '"' | "'":
                self._skip(STRING)
            case _:
                self._skip(_PLAIN)

    def _array(self, path: Path) -> None:
        self.at += 1
        index = 0
        while self.text[self._skip(_BLANK)] != "]":
            self.found[*path, index] = self.at
            self._value((*path, index))
            index += 1
            self._skip(_BLANK)
            self._comma()
        self.at += 1

    def _inline_table(self, path: Path) -> None:
        self.at += 1
        while self.text[self._skip(_BLANK)] != "}":
            self._pair(path)
            self._skip(_BLANK)
            self._comma()
        self.at += 1

    def _comma(self) -> None:
        if self.text.startswith(",", self.at):
            self.at += 1

    def _skip(self, pattern: re.Pattern[str]) -> int:
        if found := pattern.match(self.text, self.at):
            self.at = found.end()
        return self.at
