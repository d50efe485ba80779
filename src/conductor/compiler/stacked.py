"""Rules of several layers as one list: those of the lowest layer first, each with its own place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conductor.compiler.source import RoutingDoc
from conductor.compiler.spots import Path
from conductor.compiler.text import Parsed
from conductor.core.finding import Place

_LISTS = ("rule", "floor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stacked(Parsed):
    """Files whose rules follow each other; what else there is, the first that says it says."""

    parts: tuple[tuple[Parsed, Mapping[str, int]], ...]  # and how many of each list it has

    @property
    def own(self) -> int:
        """How many rules the lowest layer has."""
        return self.parts[0][1]["rule"]

    def part(self, path: Path) -> tuple[Parsed, Path]:
        if len(path) > 1 and path[0] in _LISTS and isinstance(path[1], int):
            index = path[1]
            for part, counts in self.parts:
                if index < counts[str(path[0])]:
                    return part, (path[0], index, *path[2:])
                index -= counts[str(path[0])]
        saying = (part for part, _ in self.parts if path[:1] in part.spots)
        return next(saying, self.parts[0][0]), path

    def at(self, *path: str | int) -> Place:
        part, inside = self.part(path)
        return part.at(*inside)


def stacked(chain: Sequence[tuple[Parsed, RoutingDoc]]) -> tuple[Parsed, RoutingDoc]:
    """Put rules behind each other, the lowest layer first; INVARIANT: the chain is not empty."""
    (first, own), *above = chain
    if not above:
        return first, own
    composing = [doc for _, doc in chain if "composition" in doc.model_fields_set] or [own]
    planning = [doc for _, doc in chain if "planning" in doc.model_fields_set] or [own]
    delegation = [doc for _, doc in chain if "delegation" in doc.model_fields_set] or [own]
    doc = own.model_copy(
        update={
            "composition": composing[0].composition,
            "planning": planning[0].planning,
            "delegation": delegation[0].delegation,
            **{name: [one for _, doc in chain for one in getattr(doc, name)] for name in _LISTS},
        }
    )
    parts = tuple(
        (parsed, {name: len(getattr(doc, name)) for name in _LISTS}) for parsed, doc in chain
    )
    return Stacked(file=first.file, data=first.data, spots=first.spots, parts=parts), doc
