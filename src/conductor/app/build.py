"""A workspace's sources, and what the compiler makes of them. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from conductor.adapters import files
from conductor.app.layers import layers_of
from conductor.compiler.assemble import Compiled, assemble
from conductor.compiler.blame import attributed
from conductor.compiler.bounds import beyond
from conductor.compiler.layers import ORGANISATION, Layer, merge
from conductor.core.finding import gathered, in_order
from conductor.errors import SourceError, UsageError


def workspace_of(folder: str) -> str:
    """Find the workspace around `folder`; raises UsageError when there is none."""
    root = files.find_workspace(folder)
    if root is None:
        raise UsageError("this folder is in no workspace", hint="make one here: `conductor init`")
    return root


def sources(root: str) -> Mapping[str, str]:
    """Read policy, templates and registry; what a workspace lacks comes from the layers above."""
    return merge(layers_of(root)).texts


def compiled(root: str, drafts: Mapping[str, str] | None = None) -> Compiled:
    """Compile a workspace in memory, with `drafts` (path -> text) as if they were there."""
    return compile_layers(layers_of(root), drafts)


def compile_layers(layers: Sequence[Layer], drafts: Mapping[str, str] | None = None) -> Compiled:
    """Compile a workspace from its layers; nothing in it may go beyond its organisation's."""
    result = _compile_layers(layers, drafts)
    return replace(result, findings=gathered(result.findings))


def _compile_layers(layers: Sequence[Layer], drafts: Mapping[str, str] | None) -> Compiled:
    merged = merge(layers)
    schema = files.read_text(f"{files.packaged()}/schemas/ensemble.json")
    result = assemble({**merged.texts, **(drafts or {})}, schema, merged.inherited)
    if result.failed and len(layers) > 1:
        workspace = replace(layers[-1], texts={**layers[-1].texts, **(drafts or {})})
        return attributed([*layers[:-1], workspace], result, schema)
    if result.failed or not any(layer.name == ORGANISATION for layer in layers):
        return result
    found = beyond(layers, result, schema)
    findings = in_order([*result.findings, *found])
    return replace(result, findings=findings, bundle="" if found else result.bundle)


def bundle_text(root: str) -> str:
    """Compile a workspace to its bundle; raises SourceError with the first finding."""
    result = compiled(root)
    refuse(result)
    return result.bundle


def refuse(result: Compiled, origin: str = "") -> None:
    """Raise SourceError with the first error, if there is one; `origin` leads its place."""
    if result.failed:
        first = next(finding for finding in result.findings if finding.level == "error")
        raise SourceError(first.message, at=f"{origin}{first.at}", hint=first.hint)
