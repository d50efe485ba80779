"""Layers of sources: what a lower one does not have, it takes from the one above it.

A policy file shadows the one of its name above it, a template the one above as a whole, what
templates share file by file. Rules may also be added to: with `inherit`, those of the layer above
follow behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conductor.compiler.documents import ROUTING, SHARED, Inherited

_PARTIALS = f"templates/{SHARED}/"

PACKAGED, ORGANISATION, WORKSPACE = "packaged", "organisation", "workspace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer's own sources, by their path in its workspace."""

    name: str
    texts: Mapping[str, str]
    origin: str = ""  # what leads to its paths from the workspace below
    watched: tuple[str, ...] = ()  # files outside the workspace's sources whose change matters

    def shown(self, path: str) -> str:
        return f"{self.origin}{path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What a compiler reads, and which layer each file comes from."""

    texts: Mapping[str, str]
    owners: Mapping[str, Layer]  # by path
    inherited: Inherited


def merge(layers: Sequence[Layer]) -> Merged:
    """Put layers over each other, the highest first and the workspace last."""
    texts: dict[str, str] = {}
    owners: dict[str, Layer] = {}
    for layer in layers:
        for path in [path for path in texts if _hidden(path, layer)]:
            del texts[path], owners[path]
        lowest = layer is layers[-1]
        own = {path: text for path, text in layer.texts.items() if lowest or _shared(path)}
        texts |= own
        owners |= dict.fromkeys(own, layer)
    return Merged(texts=texts, owners=owners, inherited=_inherited(layers, owners))


def _shared(path: str) -> bool:
    """Tell what lower layers take over: ensembles are promoted, not inherited."""
    return path.startswith(("policy/", "templates/"))


def _hidden(path: str, layer: Layer) -> bool:
    """Tell whether a layer puts something in the place of a file above it."""
    if path.startswith("templates/") and not path.startswith(_PARTIALS):
        return any(own.startswith(f"templates/{path.split('/')[1]}/") for own in layer.texts)
    if path.startswith("policy/cases/"):  # cases test the rules that they were written for
        return any(own == ROUTING or own.startswith("policy/cases/") for own in layer.texts)
    return False


def _inherited(layers: Sequence[Layer], owners: Mapping[str, Layer]) -> Inherited:
    with_rules = [layer for layer in reversed(layers) if ROUTING in layer.texts]
    return Inherited(
        shown=tuple((path, layer.shown(path)) for path, layer in owners.items() if layer.origin),
        routing=tuple((layer.shown(ROUTING), layer.texts[ROUTING]) for layer in with_rules[1:]),
        watched=tuple(path for layer in layers for path in layer.watched),
    )
