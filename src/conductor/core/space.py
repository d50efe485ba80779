"""The space of all facts, exactly: regions as boxes, with their size and a point in them.

Facts are finite, so a condition is a region. Values that no condition tells apart form one
*class*; a *box* holds, for each fact that matters, the classes it admits as bits of a number. All
questions (is this rule reachable, where do two policies differ) become set algebra on boxes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from math import prod

from conductor.core.boxes import Box, Boxes, Region
from conductor.core.classes import Class, classes_of, edge, has, holding, next_to, words
from conductor.core.condition import ALL, ANY, OPERATORS, Atom, Condition
from conductor.core.facts import INTEGER, FactSpec, Scalar
from conductor.core.weights import Values, size, weighing


class Space(Boxes):
    """The facts that the given conditions look at, cut where any of them changes its answer."""

    def __init__(self, specs: Mapping[str, FactSpec], conditions: Iterable[Condition]) -> None:
        atoms: dict[str, list[Atom]] = {}
        for atom in atoms_of(conditions):
            atoms.setdefault(atom.fact, []).append(atom)
        self.facts = [name for name in specs if name in atoms]
        self.specs = specs
        self.classes = [classes_of(specs[name], atoms[name]) for name in self.facts]
        super().__init__([len(classes) for classes in self.classes])
        self._at = {name: place for place, name in enumerate(self.facts)}
        self._usual: Box = sum(
            1 << self.offsets[place] + at
            for place, name in enumerate(self.facts)
            for at, one in enumerate(self.classes[place])
            if has(specs[name], one, specs[name].default)
        )
        # By what a box admits of one field, its bits in place: how many values and what they weigh,
        # and in which words.
        self._widths: dict[int, tuple[int, int]] = {}
        self._weighing: dict[int, Callable[[Values], int]] = {}
        self._described: dict[int, str] = {}

    def region(self, condition: Condition) -> Region:
        """Give the disjoint boxes in which the condition holds; empty: it never does."""
        return self.disjoint(self._region(condition))

    @property
    def weighted(self) -> bool:
        """Tell whether some fact of this space declares how often its values are met."""
        return any(self.specs[name].weights for name in self.facts)

    def size(self, region: Iterable[Box]) -> int:
        """Count the points of disjoint boxes, over the facts of this space."""
        return sum(prod(self._width(box & field)[0] for field in self.fields) for box in region)

    def volume(self, region: Iterable[Box]) -> int:
        """Weigh the points of disjoint boxes by the declared weights: of it, all shares are."""
        return sum(prod(self._width(box & field)[1] for field in self.fields) for box in region)

    def shares(self, region: Region, others: Iterable[Region]) -> Iterator[int]:
        """Let the others take their points out of a region in turn: the volume that each one gets.

        What is left is cut as `subtract` does. Volumes come along: they shrink with each cut.
        """
        rest = [(box, self.volume([box])) for box in region]
        before = sum(volume for _, volume in rest)
        for other in others:
            for taken in other:
                left: list[tuple[Box, int]] = []
                for piece in rest:
                    if self.meet(piece[0], taken):
                        left.extend(self._left(*piece, taken))
                    else:
                        left.append(piece)
                rest = left
            after = sum(volume for _, volume in rest)
            yield before - after
            before = after

    def witness(self, box: Box) -> dict[str, Scalar]:
        """Give a point in the box: defaults where it admits them, else a value next to the edge."""
        point: dict[str, Scalar] = {}
        for place, name in enumerate(self.facts):
            spec, members = self.specs[name], self._members(place, box)
            usual = any(has(spec, one, spec.default) for one in members)
            point[name] = spec.default if usual else edge(spec, members, self.classes[place])
        return point

    def unusual(self, region: Iterable[Box]) -> dict[str, Scalar]:
        """Give the plainest point of a region, by its facts that differ from their defaults."""
        plainest = min(region, key=lambda box: (self._usual & ~box).bit_count())
        point = self.witness(plainest)
        return {name: value for name, value in point.items() if value != self.specs[name].default}

    def describe(self, box: Box) -> dict[str, str]:
        """Say which values the box admits, for each fact that it restricts."""
        described = {}
        for place, (name, field) in enumerate(zip(self.facts, self.fields, strict=True)):
            if (admitted := box & field) != field:
                if admitted not in self._described:
                    members = self._members(place, box)
                    self._described[admitted] = words(self.specs[name], members)
                described[name] = self._described[admitted]
        return described

    def box(self, values: Mapping[str, Scalar]) -> Box:
        """Give all points with these values; facts that are not named may have any."""
        box = self.whole
        for place, name in enumerate(self.facts):
            if name in values:
                box &= self._admitting(place, holding(self.specs[name], values[name]))
        return box

    def moved(self, box: Box, values: Mapping[str, Scalar]) -> dict[str, Scalar]:
        """Give the facts that must change for a point to lie in the box, with the next value."""
        changes: dict[str, Scalar] = {}
        for place, name in enumerate(self.facts):
            members = self._members(place, box)
            if not any(map(holding(self.specs[name], values[name]), members)):
                changes[name] = next_to(self.specs[name], members, values[name])
        return changes

    def answers(self, fact: str, box: Box) -> Region:
        """Split a box by the classes of one fact."""
        place = self._at[fact]
        admitted, rest = box & self.fields[place], box & ~self.fields[place]
        bits = (1 << self.offsets[place] + at for at in range(len(self.classes[place])))
        return [rest | bit for bit in bits if bit & admitted]

    def admitted(self, place: int, bits: int) -> list[Class]:
        """Give the classes of a fact, by its place, that bits stand for."""
        return [one for at, one in enumerate(self.classes[place]) if bits >> at & 1]

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

    def _left(self, box: Box, volume: int, taken: Box) -> Iterator[tuple[Box, int]]:
        """Split a box around another as `_without` does, with the volume of each piece."""
        outside = box & ~taken
        for field in self._cuts:
            if rest := outside & field:
                part = volume // self._width(box & field)[1] * self._width(rest)[1]
                yield box & ~field | rest, part
                volume -= part
                box &= ~rest

    def _width(self, admitted: int) -> tuple[int, int]:
        """Count and weigh the values that a box admits of one field, given its bits there."""
        if (known := self._widths.get(admitted)) is None:
            place = next(at for at, field in enumerate(self.fields) if admitted & field)
            spec, members = self.specs[self.facts[place]], self._members(place, admitted)
            if (weigh := self._weighing.get(place)) is None:
                weigh = self._weighing[place] = weighing(spec)
            points = sum(size(spec, one.values) for one in members)
            known = points, sum(weigh(one.values) for one in members)
            self._widths[admitted] = known
        return known

    def _members(self, place: int, box: Box) -> list[Class]:
        return self.admitted(place, (box & self.fields[place]) >> self.offsets[place])


def atoms_of(conditions: Iterable[Condition]) -> Iterator[Atom]:
    for condition in conditions:
        if isinstance(condition, Atom):
            yield condition
        else:
            yield from atoms_of(condition.parts)
