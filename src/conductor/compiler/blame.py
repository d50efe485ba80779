"""Mistakes between layers: told once, at a file of the workspace, which alone can change there.

A layer above may rely on what the workspace has replaced, such as a fact or a task type. Then the
mistake shows up in a file above that is sound by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from conductor.compiler.assemble import Compiled, assemble
from conductor.compiler.layers import Layer, merge
from conductor.core.finding import Finding, Level, Place, Related, in_order

_HINT = "keep what the layer above relies on, or replace the file there by one of your own"


def attributed(layers: Sequence[Layer], result: Compiled, schema: str) -> Compiled:
    """Move each error that only comes up together with the workspace to the file that brings it."""
    shown = {layer.shown(path) for layer in layers[:-1] for path in layer.texts if layer.origin}
    above = [one for one in result.findings if one.level is Level.ERROR and one.at.file in shown]
    if not above:
        return result
    alone = {(one.name, one.at) for one in _compiled(layers[:-1], schema)}
    ours = [one for one in above if (one.name, one.at) not in alone]
    moved = list(_moved(layers, ours, schema))
    kept = [one for one in result.findings if one not in ours]
    return replace(result, findings=in_order([*kept, *moved]))


def _compiled(layers: Sequence[Layer], schema: str) -> tuple[Finding, ...]:
    merged = merge(layers)
    return assemble(merged.texts, schema, merged.inherited).findings


def _moved(layers: Sequence[Layer], ours: Sequence[Finding], schema: str) -> Iterator[Finding]:
    """Say each mistake once, however many places above it shows up in."""

    def said(one: Finding) -> tuple[str, str]:
        return one.name, one.message

    for mistake, group in groupby(sorted(ours, key=said), key=said):
        found = list(group)
        file = next((one for one in _files(layers) if _brings(layers, one, mistake, schema)), "")
        if not file:
            yield from found
            continue
        yield Finding(
            name=mistake[0],
            message=f"this file does not fit the layer above: {mistake[1]}",
            at=next((one for one in _related(found) if one.file == file), Place(file)),
            hint=_HINT,
            related=tuple(Related(one.at, "it relies on it here") for one in found),
        )


def _related(found: Sequence[Finding]) -> list[Place]:
    return [other.at for one in found for other in one.related]


def _files(layers: Sequence[Layer]) -> list[str]:
    return sorted(path for path in layers[-1].texts if path.startswith(("policy/", "templates/")))


def _brings(layers: Sequence[Layer], file: str, mistake: tuple[str, str], schema: str) -> bool:
    """Tell whether a mistake is gone without a file of the workspace."""
    workspace = layers[-1]
    texts = {path: text for path, text in workspace.texts.items() if path != file}
    found = _compiled([*layers[:-1], replace(workspace, texts=texts)], schema)
    return mistake not in {(one.name, one.message) for one in found}
