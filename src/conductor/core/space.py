"""The space of all facts, exactly: regions as boxes, with their size and a point in them.

Facts are finite, so a condition is a region. Values that no condition tells apart form one
*class*; a *box* holds, for each fact that matters, the classes it admits as bits of a number. All
questions (is this rule reachable, where do two policies differ) become set algebra on boxes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from operator import and_

from conductor.core.condition import ALL, ANY, OPERATORS, Atom, Condition
from conductor.core.facts import BOOLEAN, ENUM, INTEGER, FactSpec, Scalar

Box = tuple[int, ...]  # a mask of classes for each fact of the space; never with an empty mask
Region = list[Box]

_MANY = 12  # boxes; from here on looking for the best one pays


@dataclass(frozen=True, slots=True)
class Class:
    """Values of one fact that no condition tells apart: one or more names, or an interval."""

    values: tuple[Scalar, ...]  # of an enum or boolean; of an integer the lowest and the highest
    size: int


class Space:
    """The facts that the given conditions look at, cut where any of them changes its answer."""

    def __init__(self, specs: Mapping[str, FactSpec], conditions: Iterable[Condition]) -> None:
        atoms: dict[str, list[Atom]] = {}
        for atom in _atoms(conditions):
            atoms.setdefault(atom.fact, []).append(atom)
        self.facts = [name for name in specs if name in atoms]
        self.specs = specs
        self.classes = [_classes(specs[name], atoms[name]) for name in self.facts]
        self.whole: Box = tuple((1 << len(classes)) - 1 for classes in self.classes)
        self._at = {name: place for place, name in enumerate(self.facts)}

    def region(self, condition: Condition) -> Region:
        """Give the disjoint boxes in which the condition holds; empty: it never does."""
        return disjoint(self._region(condition))

    def size(self, region: Iterable[Box]) -> int:
        """Count the points of disjoint boxes, over the facts of this space."""
        return sum(
            prod(
                sum(one.size for one in _members(classes, mask))
                for classes, mask in zip(self.classes, box, strict=True)
            )
            for box in region
        )

    def witness(self, box: Box) -> dict[str, Scalar]:
        """Give a point in the box: defaults where it admits them, else a value next to the edge."""
        point: dict[str, Scalar] = {}
        for name, classes, mask in zip(self.facts, self.classes, box, strict=True):
            spec, members = self.specs[name], list(_members(classes, mask))
            usual = any(_has(spec, one, spec.default) for one in members)
            point[name] = spec.default if usual else _edge(spec, members, classes)
        return point

    def describe(self, box: Box) -> dict[str, str]:
        """Say which values the box admits, for each fact that it restricts."""
        return {
            name: _words(self.specs[name], list(_members(classes, mask)))
            for name, classes, mask, all_ in zip(
                self.facts, self.classes, box, self.whole, strict=True
            )
            if mask != all_
        }

    def within(self, box: Box, fact: str, values: Iterable[Scalar]) -> Region:
        """Cut a box down to some values of an enum fact of this space."""
        place, wanted = self._at[fact], set(values)
        mask = _mask(self.classes[place], lambda one: set(one.values) <= wanted) & box[place]
        return [(*box[:place], mask, *box[place + 1 :])] if mask else []

    def _region(self, condition: Condition) -> Region:
        if isinstance(condition, Atom):
            return self._atom(condition)
        if condition.kind == ANY:
            return [box for part in condition.parts for box in self._region(part)]
        region: Region = [self.whole]
        for part in condition.parts:
            region = intersect(region, self._region(part))
        return region if condition.kind == ALL else subtract([self.whole], region)

    def _atom(self, atom: Atom) -> Region:
        place = self._at[atom.fact]
        holds = OPERATORS[atom.operator]
        mask = _mask(self.classes[place], lambda one: holds(one.values[0], atom.constant))
        return [(*self.whole[:place], mask, *self.whole[place + 1 :])] if mask else []


def intersect(region: Region, other: Region) -> Region:
    """Give the boxes that lie in both; disjoint when both are."""
    pairs = ([a & b for a, b in zip(one, two, strict=True)] for one in region for two in other)
    return [tuple(masks) for masks in pairs if all(masks)]


def subtract(region: Region, other: Iterable[Box]) -> Region:
    """Give disjoint boxes of what is in `region` (disjoint boxes) and not in `other`."""
    for taken in other:
        region = [piece for box in region for piece in _without(box, taken)]
    return region


def covered(region: Iterable[Box], others: Sequence[Box]) -> bool:
    """Tell whether every point lies in one of the others; stops at the first that does not."""
    return all(_box_covered(box, others) for box in region)


def disjoint(region: Iterable[Box]) -> Region:
    """Cut overlapping boxes so that every point lies in exactly one."""
    result: Region = []
    for box in region:
        result.extend(subtract([box], result))
    return result


def _box_covered(box: Box, others: Sequence[Box]) -> bool:
    """Take away one after the other what is near, the one that cuts least first when many are."""
    near = [one for one in others if all(map(and_, box, one))]
    if not near:
        return False
    first = 0 if len(near) < _MANY else min(range(len(near)), key=lambda at: _cuts(box, near[at]))
    taken = near.pop(first)
    return all(_box_covered(piece, near) for piece in _without(box, taken))


def _cuts(box: Box, taken: Box) -> int:
    """Count the pieces that are left of a box around what is taken from it."""
    return sum(mask & ~one != 0 for mask, one in zip(box, taken, strict=True))


def _without(box: Box, taken: Box) -> Iterator[Box]:
    """Split a box around what is taken from it: one piece for each fact that leaves some."""
    if not all(mask & other for mask, other in zip(box, taken, strict=True)):
        yield box
        return
    rest = list(box)
    for place, (mask, other) in enumerate(zip(box, taken, strict=True)):
        if outside := mask & ~other:
            yield (*rest[:place], outside, *rest[place + 1 :])
            rest[place] = mask & other


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


def _mask(classes: Sequence[Class], admits: Callable[[Class], bool]) -> int:
    return sum(1 << place for place, one in enumerate(classes) if admits(one))


def _members(classes: Sequence[Class], mask: int) -> Iterator[Class]:
    return (one for place, one in enumerate(classes) if mask >> place & 1)


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
        return " or ".join(str(value).lower() for one in members for value in one.values)
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
