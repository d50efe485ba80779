"""The space of all facts, exactly: regions as boxes, with their size and a point in them.

Facts are finite, so a condition is a region. Values that no condition tells apart form one
*class*; a *box* holds, for each fact that matters, the classes it admits as bits of a number. All
questions (is this rule reachable, where do two policies differ) become set algebra on boxes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from conductor.core.boxes import Box, Boxes, Region
from conductor.core.condition import ALL, ANY, OPERATORS, Atom, Condition
from conductor.core.facts import BOOLEAN, ENUM, INTEGER, FactSpec, Scalar

_FEW = 4  # values; more of them are told by those left out


@dataclass(frozen=True, slots=True)
class Class:
    """Values of one fact that no condition tells apart: one or more names, or an interval."""

    values: tuple[Scalar, ...]  # of an enum or boolean; of an integer the lowest and the highest
    size: int


class Space(Boxes):
    """The facts that the given conditions look at, cut where any of them changes its answer."""

    def __init__(self, specs: Mapping[str, FactSpec], conditions: Iterable[Condition]) -> None:
        atoms: dict[str, list[Atom]] = {}
        for atom in _atoms(conditions):
            atoms.setdefault(atom.fact, []).append(atom)
        self.facts = [name for name in specs if name in atoms]
        self.specs = specs
        self.classes = [_classes(specs[name], atoms[name]) for name in self.facts]
        super().__init__([len(classes) for classes in self.classes])
        self._at = {name: place for place, name in enumerate(self.facts)}
        self._usual: Box = sum(
            1 << self.offsets[place] + at
            for place, name in enumerate(self.facts)
            for at, one in enumerate(self.classes[place])
            if _has(specs[name], one, specs[name].default)
        )
        # By what a box admits of one field, its bits in place: how many values, and in which words.
        self._sizes: dict[int, int] = {}
        self._described: dict[int, str] = {}

    def region(self, condition: Condition) -> Region:
        """Give the disjoint boxes in which the condition holds; empty: it never does."""
        return self.disjoint(self._region(condition))

    def size(self, region: Iterable[Box]) -> int:
        """Count the points of disjoint boxes, over the facts of this space."""
        return sum(prod(self._width(box & field) for field in self.fields) for box in region)

    def shares(self, region: Region, others: Iterable[Region]) -> Iterator[int]:
        """Let the others take their points out of a region in turn: how many each one gets.

        What is left is cut as `subtract` does. The sizes come along: they shrink with each cut.
        """
        rest = [(box, self.size([box])) for box in region]
        before = sum(points for _, points in rest)
        for other in others:
            for taken in other:
                left: list[tuple[Box, int]] = []
                for piece in rest:
                    if self.meet(piece[0], taken):
                        left.extend(self._left(*piece, taken))
                    else:
                        left.append(piece)
                rest = left
            after = sum(points for _, points in rest)
            yield before - after
            before = after

    def witness(self, box: Box) -> dict[str, Scalar]:
        """Give a point in the box: defaults where it admits them, else a value next to the edge."""
        point: dict[str, Scalar] = {}
        for place, name in enumerate(self.facts):
            spec, members = self.specs[name], self._members(place, box)
            usual = any(_has(spec, one, spec.default) for one in members)
            point[name] = spec.default if usual else _edge(spec, members, self.classes[place])
        return point

    def unusual(self, region: Iterable[Box]) -> dict[str, Scalar]:
        """Give the plainest point of a region, by its facts that differ from their defaults."""
        plainest = min(region, key=lambda box: (self._usual & ~box).bit_count())
        point = self.witness(plainest)
        return {name: value for name, value in point.items() if value != self.specs[name].default}

    def describe(self, box: Box) -> dict[str, str]:
        """Say which values the box admits, for each fact that it restricts."""
        words = {}
        for place, (name, field) in enumerate(zip(self.facts, self.fields, strict=True)):
            if (admitted := box & field) != field:
                if admitted not in self._described:
                    members = self._members(place, box)
                    self._described[admitted] = _words(self.specs[name], members)
                words[name] = self._described[admitted]
        return words

    def unbroken(self, box: Box) -> bool:
        """Tell whether a box admits one interval of each integer: then one rule can say it."""
        for name, field in zip(self.facts, self.fields, strict=True):
            admitted = box & field
            lowest = admitted & -admitted
            if self.specs[name].kind == INTEGER and admitted & (admitted + lowest):
                return False
        return True

    def within(self, box: Box, fact: str, values: Iterable[Scalar]) -> Region:
        """Cut a box down to some values of an enum fact of this space."""
        wanted = set(values)
        admitted = self._admitting(self._at[fact], lambda one: set(one.values) <= wanted)
        return self.intersect([box], [admitted])

    def _region(self, condition: Condition) -> Region:
        if isinstance(condition, Atom):
            return self._atom(condition)
        if condition.kind == ANY:
            return [box for part in condition.parts for box in self._region(part)]
        region: Region = [self.whole]
        for part in condition.parts:
            region = self.intersect(region, self._region(part))
        return region if condition.kind == ALL else self.subtract([self.whole], region)

    def _atom(self, atom: Atom) -> Region:
        place = self._at[atom.fact]
        holds = OPERATORS[atom.operator]
        box = self._admitting(place, lambda one: holds(one.values[0], atom.constant))
        return [box] if box & self.fields[place] else []

    def _admitting(self, place: int, admits: Callable[[Class], bool]) -> Box:
        """Give everything but the classes of one fact that are not admitted."""
        bits = sum(1 << at for at, one in enumerate(self.classes[place]) if admits(one))
        return self.whole & ~self.fields[place] | bits << self.offsets[place]

    def _left(self, box: Box, points: int, taken: Box) -> Iterator[tuple[Box, int]]:
        """Split a box around another as `_without` does, with the size of each piece."""
        outside = box & ~taken
        for field in self._cuts:
            if rest := outside & field:
                size = points // self._width(box & field) * self._width(rest)
                yield box & ~field | rest, size
                points -= size
                box &= ~rest

    def _width(self, admitted: int) -> int:
        """Count the values that a box admits of one field, given its bits there."""
        if (known := self._sizes.get(admitted)) is None:
            place = next(at for at, field in enumerate(self.fields) if admitted & field)
            known = sum(one.size for one in self._members(place, admitted))
            self._sizes[admitted] = known
        return known

    def _members(self, place: int, box: Box) -> list[Class]:
        bits = (box & self.fields[place]) >> self.offsets[place]
        return [one for at, one in enumerate(self.classes[place]) if bits >> at & 1]


def _atoms(conditions: Iterable[Condition]) -> Iterator[Atom]:
    for condition in conditions:
        if isinstance(condition, Atom):
            yield condition
        else:
            yield from _atoms(condition.parts)


def _classes(spec: FactSpec, atoms: Sequence[Atom]) -> list[Class]:
    """Group a fact's values by the answers that the atoms give."""
    if spec.kind in (ENUM, BOOLEAN):
        groups: dict[tuple[bool, ...], list[Scalar]] = {}
        for value in spec.values if spec.kind == ENUM else (False, True):
            groups.setdefault(_answers(atoms, value), []).append(value)
        return [Class(tuple(values), len(values)) for values in groups.values()]
    # An answer can change only at a constant or just behind it.
    constants = {one for atom in atoms for one in _constants(atom)}
    starts = sorted({spec.low, *constants, *(one + 1 for one in constants)})
    starts = [one for one in starts if spec.low <= one <= spec.high]
    ends = [*(one - 1 for one in starts[1:]), spec.high]
    merged: list[Class] = []
    for low, high in zip(starts, ends, strict=True):
        if merged and _answers(atoms, merged[-1].values[0]) == _answers(atoms, low):
            low = int(merged.pop().values[0])  # noqa: PLW2901 - the interval grows downwards
        merged.append(Class((low, high), high - low + 1))
    return merged


def _answers(atoms: Sequence[Atom], value: Scalar) -> tuple[bool, ...]:
    return tuple(OPERATORS[atom.operator](value, atom.constant) for atom in atoms)


def _constants(atom: Atom) -> list[int]:
    constants = atom.constant if isinstance(atom.constant, tuple) else (atom.constant,)
    return [one for one in constants if isinstance(one, int)]


def _has(spec: FactSpec, one: Class, value: Scalar) -> bool:
    if spec.kind == INTEGER:
        return int(one.values[0]) <= int(value) <= int(one.values[1])
    return value in one.values


def _edge(spec: FactSpec, members: Sequence[Class], classes: Sequence[Class]) -> Scalar:
    """Choose a value: of an integer the one next to the cut, where the box ends below the top."""
    if spec.kind == INTEGER and members[-1] is not classes[-1]:
        return members[-1].values[-1]
    return members[0].values[0]


def _words(spec: FactSpec, members: Sequence[Class]) -> str:
    if spec.kind in (ENUM, BOOLEAN):
        admitted = [value for one in members for value in one.values]
        left_out = [value for value in spec.values if value not in admitted]
        if left_out and len(admitted) > _FEW > len(left_out):
            return f"not {' or '.join(left_out)}"
        return " or ".join(str(value).lower() for value in admitted)
    spans: list[list[int]] = []
    for one in members:
        low, high = int(one.values[0]), int(one.values[1])
        if spans and spans[-1][1] == low - 1:
            spans[-1][1] = high
        else:
            spans.append([low, high])
    return " or ".join(_span(spec, low, high) for low, high in spans)


def _span(spec: FactSpec, low: int, high: int) -> str:
    if low == high:
        return f"{low:,}"
    if high == spec.high:
        return f"{low:,} and more"
    return f"up to {high:,}" if low == spec.low else f"{low:,} to {high:,}"
