"""How often a fact's values are met: by value or interval, with every mistake at its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from conductor.compiler.problems import Word
from conductor.compiler.text import Parsed
from conductor.compiler.when import Descendants, Path
from conductor.core.facts import BOOLEAN, INTEGER, FactSpec, Scalar, Weights
from conductor.core.finding import Finding
from conductor.core.weights import written

REST = "*"
_BOOLEANS = {"false": False, "true": True}
_INTERVAL = re.compile(r"(?:(-?\d{1,18})|(-?\d{1,18})?\.\.(-?\d{1,18})?)", re.ASCII)

Part = tuple[Scalar, ...]  # names, or both ends of every interval


class Weighing:
    """Lowers the weights of one fact to disjoint parts that hold all of its values."""

    def __init__(
        self, parsed: Parsed, spec: FactSpec, path: Path, descendants: Descendants
    ) -> None:
        self.parsed = parsed
        self.spec = spec
        self.path = path
        self.descendants = descendants
        self.findings: list[Finding] = []

    def lowered(self, table: Mapping[str, int]) -> Weights:
        """Give the weights; none when there is a finding."""
        named = [key for key in table if key != REST]
        numbers = self.spec.kind == INTEGER
        parts = self._intervals(named) if numbers else self._values(named)
        if self.findings:
            return ()
        rest = self._gaps(parts.values()) if numbers else self._left(parts.values())
        if rest and REST not in table:
            message = f"no weight for `{written(rest)}`"
            self._find("missing-weight", message, f'add it, or `"{REST}" = 1`')
        elif REST in table and not rest:
            message = f"nothing is left for `{REST}`: everything else has a weight"
            self._find("idle-weight", message, "remove it", REST)
        if self.findings:
            return ()
        everything = parts | ({REST: rest} if rest else {})
        return tuple((part, table[key]) for key, part in everything.items())

    def _values(self, named: list[str]) -> dict[str, Part]:
        """Give each name its values; those below a task type may have a weight of their own."""
        known: Mapping[str, Scalar] = (
            _BOOLEANS if self.spec.kind == BOOLEAN else {str(one): one for one in self.spec.values}
        )
        owners: dict[Scalar, str] = {}
        for key in sorted(named, key=lambda one: one.count(".")):
            if key not in known:
                message = f"fact `{self.spec.name}` has no value `{key}`"
                word = Word(self.parsed, (*self.path, key), key=True)
                self.findings.append(word.not_among([*known, REST], "unknown-value", message))
                continue
            below = self.descendants(self.spec.name, key)
            owners |= dict.fromkeys((known[one] for one in below), key)
        return {key: tuple(one for one in owners if owners[one] == key) for key in named}

    def _left(self, parts: Iterable[Part]) -> Part:
        taken = {value for part in parts for value in part}
        values = _BOOLEANS.values() if self.spec.kind == BOOLEAN else self.spec.values
        return tuple(value for value in values if value not in taken)

    def _intervals(self, named: list[str]) -> dict[str, Part]:
        """Give each name its lowest and highest number; two that meet are found at the second."""
        parts: dict[str, tuple[int, int]] = {}
        for key in named:
            bounds = self._interval(key)
            if bounds is None:
                continue
            low, high = bounds
            if met := [one for one, (a, b) in parts.items() if low <= b and a <= high]:
                message = f"`{key}` and `{met[0]}` have numbers in common"
                self._find("overlapping-weights", message, "move the end of one of them", key)
                continue
            parts[key] = bounds
        return dict(parts)

    def _interval(self, key: str) -> tuple[int, int] | None:
        spec, found = self.spec, _INTERVAL.fullmatch(key.replace("_", ""))
        if found is None:
            hint = f"write it as `{spec.low}..{spec.high}`; `{REST}` stands for the rest"
            self._find("wrong-interval", f"`{key}` is no interval of numbers", hint, key)
            return None
        one, first, last = found.groups()
        low = int(one or first or spec.low)
        high = int(one or last or spec.high)
        if not spec.low <= low <= high <= spec.high:
            message = f"`{key}` goes beyond the values of `{spec.name}`"
            hint = f"write numbers from {spec.low:,} to {spec.high:,}, the lower first"
            self._find("out-of-bounds", message, hint, key)
            return None
        return low, high

    def _gaps(self, parts: Iterable[Part]) -> Part:
        gaps: list[Scalar] = []
        start = self.spec.low
        for low, high in sorted((int(low), int(high)) for low, high in parts):
            if start < low:
                gaps += [start, low - 1]
            start = high + 1
        if start <= self.spec.high:
            gaps += [start, self.spec.high]
        return tuple(gaps)

    def _find(self, name: str, message: str, hint: str, key: str = "") -> None:
        at, end = self.parsed.extent((*self.path, *([key] if key else [])), key=True)
        self.findings.append(Finding(name=name, message=message, at=at, end=end, hint=hint))
