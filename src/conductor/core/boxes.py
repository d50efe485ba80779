"""Sets of points as boxes, and each box as one number.

A box admits some classes of each field. The bits of all fields stand side by side in one number,
with a free *guard* bit above each field: adding `whole` to a box carries into the guards of just
those fields that admit something. So whether two boxes meet, whether one contains the other and
how many pieces a cut leaves are a few operations on whole numbers, whatever the number of fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

Box = int  # INVARIANT: a box of a region admits something of every field
Region = list[Box]  # of disjoint boxes, unless said otherwise


class Boxes:
    """The algebra of boxes over fields with so many classes each."""

    def __init__(self, widths: Sequence[int]) -> None:
        self.offsets: list[int] = []
        self._guards = at = 0
        for width in widths:
            self.offsets.append(at)
            at += width + 1
            self._guards |= 1 << (at - 1)
        self.fields = [((1 << w) - 1) << at for w, at in zip(widths, self.offsets, strict=True)]
        self.whole: Box = sum(self.fields)
        # Cutting at the fields with few classes first leaves the fewest pieces.
        self._cuts = sorted(self.fields, key=int.bit_count)

    def meet(self, box: Box, other: Box) -> bool:
        """Tell whether two boxes have a point in common."""
        return ((box & other) + self.whole) & self._guards == self._guards

    def intersect(self, region: Region, other: Region) -> Region:
        """Give the boxes that lie in both; disjoint when both are."""
        whole, guards = self.whole, self._guards
        pairs = (one & two for one in region for two in other)
        return [both for both in pairs if (both + whole) & guards == guards]

    def subtract(self, region: Region, other: Iterable[Box]) -> Region:
        """Give disjoint boxes of what is in `region` and not in `other` (which may overlap)."""
        whole, guards = self.whole, self._guards
        for taken in other:
            rest: Region = []
            for box in region:
                if ((box & taken) + whole) & guards == guards:
                    rest.extend(self._without(box, taken))
                else:
                    rest.append(box)
            region = rest
        return region

    def disjoint(self, boxes: Iterable[Box]) -> Region:
        """Cut overlapping boxes so that every point lies in exactly one."""
        result: Region = []
        for box in boxes:
            result.extend(self.subtract([box], result))
        return result

    def joined(self, region: Region) -> Region:
        """Put disjoint boxes together that differ in one field only: fewer boxes, same points."""
        before = len(region) + 1
        while len(region) < before:
            before = len(region)
            for field in self.fields:
                together: dict[int, Box] = {}
                for box in region:
                    rest = box & ~field
                    together[rest] = together.get(rest, 0) | box
                region = list(together.values())
        return region

    def covered(self, region: Iterable[Box], others: Sequence[Box]) -> bool:
        """Tell whether every point lies in one of the others."""
        return self.cover(region, others) is not None

    def cover(self, region: Iterable[Box], others: Sequence[Box]) -> set[Box] | None:
        """Choose from the others so many that every point lies in one; None when there are none.

        Stops at the first point that lies in no other.
        """
        chosen: set[Box] = set()
        return chosen if all(self._cover(box, others, chosen) for box in region) else None

    def _cover(self, box: Box, others: Sequence[Box], chosen: set[Box]) -> bool:
        """Take away what leaves the fewest pieces first; only what meets a piece concerns it."""
        whole, guards = self.whole, self._guards
        near: Region = []
        fewest, best = len(self.fields) + 1, 0
        for other in others:
            if ((box & other) + whole) & guards == guards:
                outside = box & ~other
                if not outside:
                    chosen.add(other)
                    return True
                pieces = ((outside + whole) & guards).bit_count()
                if pieces < fewest:
                    fewest, best = pieces, len(near)
                near.append(other)
        if not near:
            return False
        taken = near.pop(best)
        chosen.add(taken)
        return all(self._cover(piece, near, chosen) for piece in self._without(box, taken))

    def _without(self, box: Box, taken: Box) -> Iterator[Box]:
        """Split a box around another that it meets: one piece for each field that leaves some."""
        outside = box & ~taken
        for field in self._cuts:
            if rest := outside & field:
                yield box & ~field | rest
                box &= ~rest
