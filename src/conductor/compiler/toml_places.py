"""Where every key, value and item of a TOML text stands: `tomllib` keeps no positions.

The scanner trusts that `tomllib` has accepted the text, so it only has to find its way through
it: strings, arrays and inline tables must be followed, because a line such as `[1, 2]` inside an
array looks like a table header.
"""

from __future__ import annotations

import re
import tomllib

from conductor.compiler.spans import Places
from conductor.compiler.spots import Path
from conductor.core.finding import Span

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


def places(text: str) -> Places:
    """Find the parts of a text that `tomllib` accepts."""
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.places = Places()
        self.found = self.places.offsets
        self.lengths: dict[Path, int] = {}  # of arrays of tables
        self.open: dict[Path, int] = {}  # tables of lists whose end was not seen, by their start

    def scan(self) -> Places:
        table: Path = ()
        end = 0  # of the last thing that was read
        while self._skip(_BLANK) < len(self.text):
            start = self.at
            if self.text[start] == "[":
                table = self._header()
                self._close(table, end)
                if isinstance(table[-1], int):
                    self.open[table] = start
            else:
                self._pair(table)
            end = self.at
        self._close((), end)
        return self.places

    def _close(self, path: Path, end: int) -> None:
        """End the tables of lists that a table does not belong to."""
        for one in [one for one in self.open if path[: len(one)] != one]:
            self.places.entries[one] = Span(self.open.pop(one), end)

    def _header(self) -> Path:
        many = self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        keys = self._keys()
        path: Path = ()
        for place, (key, name) in enumerate(keys):
            path = (*path, key)
            self._named(path, name)
            last = place == len(keys) - 1
            if many and last:
                index = self.lengths[path] = self.lengths.get(path, 0) + 1
                path = (*path, index - 1)
                self.found[path] = name.start
            elif path in self.lengths:
                path = (*path, self.lengths[path] - 1)
        self.at += 2 if many else 1
        return path

    def _pair(self, table: Path) -> None:
        path, start = table, self.at
        for key, name in self._keys():
            path = (*path, key)
            self._named(path, name)
        self.at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(path)
        self.places.entries[path] = Span(start, self.at)

    def _named(self, path: Path, name: Span) -> None:
        self.found.setdefault(path, name.start)
        self.places.names.setdefault(path, name)

    def _keys(self) -> list[tuple[str, Span]]:
        keys = []
        while True:
            start = self._skip(_SPACE)
            if bare := _BARE_KEY.match(self.text, self.at):
                self.at = bare.end()
                key = bare[0]
            else:
                self._skip(STRING)
                key = tomllib.loads(f"key = {self.text[start : self.at]}")["key"]
            keys.append((key, Span(start, self.at)))
            self._skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return keys
            self.at += 1

    def _value(self, path: Path) -> None:
        start = self.at
        match self.text[start]:
            case "[":
                self._array(path)
            case "{":
                self._inline_table(path)
            case '"' | "'":
                self._skip(STRING)
            case _:
                self._skip(_PLAIN)
        self.places.values[path] = Span(start, self.at)

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
