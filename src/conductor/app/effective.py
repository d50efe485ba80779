"""`show`: the policy that holds here, and which layer says each part of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conductor import __version__
from conductor.app.build import compile_layers, refuse
from conductor.app.layers import layers_of
from conductor.compiler import authorizations
from conductor.compiler.documents import PolicyDocs, Reader
from conductor.compiler.layers import PACKAGED, Layer, merge
from conductor.compiler.text import Parsed
from conductor.core import bundle
from conductor.core.changes import by_name
from conductor.core.finding import Place
from conductor.core.policy import CLAUDE, Policy
from conductor.formats.condition import plain

Names = tuple[str, ...]  # from a section down to a leaf
Spot = tuple[str | int, ...]  # the same in the file, where lists have numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRule:
    id: str  # empty: the default
    when: str
    route: str
    layer: str
    at: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownValue:
    path: str  # as in `sampling.rate`
    value: object
    layer: str
    at: Place
    above: object = None  # what the layers above say, when it is something else


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective:
    revision: str
    layers: tuple[tuple[str, str], ...]  # name and where it comes from, the highest first
    rules: tuple[ShownRule, ...]
    values: tuple[ShownValue, ...]


def effective(root: str) -> Effective:
    """Put the policy of a workspace together; raises SourceError when it does not compile."""
    layers = layers_of(root)
    result = compile_layers(layers)
    refuse(result)
    policy = bundle.load(result.bundle)
    merged = merge(layers)
    docs = Reader(merged.texts, merged.inherited).policy()
    above = _sections_above(layers)
    shown = _Shown(layers)
    return Effective(
        revision=policy.revision,
        layers=tuple((layer.name, _origin(layer, root)) for layer in layers),
        rules=tuple(shown.rules(policy, docs)) if docs else (),
        values=tuple(shown.values(json.loads(result.bundle), above, docs)) if docs else (),
    )


def _origin(layer: Layer, root: str) -> str:
    if layer.name == PACKAGED:
        return f"conductor {__version__}"
    return layer.origin.rstrip(":/") or root


def _sections_above(layers: Sequence[Layer]) -> Mapping[str, Any]:
    """Compile what the layers above would say alone; nothing when they say nothing whole."""
    if len(layers) == 1:
        return {}
    text = compile_layers(layers[:-1]).bundle
    return json.loads(text) if text else {}


class _Shown:
    """Finds the layer of every file, and of every rule where several files have some."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self._layer_of = {layer.shown(path): layer.name for layer in layers for path in layer.texts}

    def rules(self, policy: Policy, docs: PolicyDocs) -> Iterator[ShownRule]:
        parsed, _ = docs.routing
        for index, rule in enumerate(policy.rules):
            at = parsed.at("rule", index)
            yield self._rule(rule.id, plain(rule.when), rule.outcome, at)
        yield self._rule("", policy.default_reason, CLAUDE, parsed.at("default"))

    def values(
        self, here: Mapping[str, Any], above: Mapping[str, Any], docs: PolicyDocs
    ) -> Iterator[ShownValue]:
        for name in bundle.NUMBERS:
            parsed: Parsed = getattr(docs, name)[0]
            for names, spot, value in _leaves((name,), here[name]):
                yield self._value(names, value, parsed.at(*spot), above)
        yield from self._beside_rules(above, docs)
        entries = zip(authorizations.places(docs), authorizations.lowered(docs), strict=True)
        for at, one in entries:
            entry = ("authorizations", f"{one.task} by {one.ensemble}")
            yield self._value(entry, one.days, at, {})
        for name, fact in here["facts"].items():
            path: Names = ("facts", name, "default")
            yield self._value(path, fact["default"], docs.facts[0].at(*path), above)
            if weights := docs.facts[1].facts[name].weights:
                path = ("facts", name, "weights")
                yield self._value(path, weights, docs.facts[0].at(*path), {})
        for parsed, rubric in docs.rubrics:
            at = parsed.at("question")
            yield self._value(("rubrics", rubric.name), rubric.question, at, {})

    def _beside_rules(self, above: Mapping[str, Any], docs: PolicyDocs) -> Iterator[ShownValue]:
        """List what policy/routing.toml says besides the rules."""
        routing, doc = docs.routing
        path: Names = ("composition", "tasks")
        yield self._value(path, doc.composition.tasks, routing.at(*path), {})
        for section in ("planning", "delegation"):
            for name, value in getattr(doc, section).model_dump().items():
                path = (section, name)
                yield self._value(path, value, routing.at(*path), above)

    def _rule(self, rule_id: str, when: str, route: str, at: Place) -> ShownRule:
        layer = self._layer_of[at.file]
        return ShownRule(id=rule_id, when=when, route=route, layer=layer, at=at)

    def _value(
        self, names: Names, value: object, at: Place, above: Mapping[str, Any]
    ) -> ShownValue:
        there = _leaf(above, names)
        return ShownValue(
            path=".".join(names),
            value=value,
            layer=self._layer_of[at.file],
            at=at,
            above=there if there != value else None,
        )


def _leaves(names: Names, value: Any, spot: Spot = ()) -> Iterator[tuple[Names, Spot, object]]:
    """List the leaves with their names and where they stand; a thing in a list is one leaf."""
    named = by_name(value)
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _leaves((*names, name), one, (*spot, name))
    elif named is not value:
        for index, (name, one) in enumerate(named.items()):
            yield (*names, name), (*spot, index), one
    else:
        yield names, spot, value


def _leaf(sections: Mapping[str, Any], names: Names) -> object:
    found: Any = sections
    for name in names:
        named = by_name(found)
        found = named.get(name) if isinstance(named, Mapping) else None
    return found
