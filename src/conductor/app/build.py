"""A workspace's sources, and what the compiler makes of them. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping

from conductor.adapters import files
from conductor.compiler.assemble import Compiled, assemble
from conductor.errors import SourceError, UsageError

_REGISTRY = ("specs", "ensembles", "profiles", "scripts")


def workspace_of(folder: str) -> str:
    """Find the workspace around `folder`; raises UsageError when there is none."""
    root = files.find_workspace(folder)
    if root is None:
        raise UsageError("this folder is in no workspace", hint="make one here: `conductor init`")
    return root


def sources(root: str) -> dict[str, str]:
    """Read policy, templates and registry; what a workspace lacks comes from the package."""
    own = _read(root)
    return own if root == files.packaged() else inherit(own)


def inherit(own: Mapping[str, str]) -> dict[str, str]:
    """Add what a workspace lacks, from the package.

    A policy file shadows the packaged one of its name, a template the packaged one as a whole.
    The packaged ensembles are only an example for others: `init` copies their specs.
    """
    packaged = _read(files.packaged())
    shadowed = {_template(path) for path in own if path.startswith("templates/")}
    inherited = {
        path: text
        for path, text in packaged.items()
        if path.startswith("policy/")
        or (path.startswith("templates/") and _template(path) not in shadowed)
    }
    if any(path.startswith("policy/cases/") for path in own) or "policy/routing.toml" in own:
        # Cases test the rules that they were written for.
        inherited = {p: text for p, text in inherited.items() if not p.startswith("policy/cases/")}
    return {**inherited, **own}


def compiled(root: str, drafts: Mapping[str, str] | None = None) -> Compiled:
    """Compile a workspace in memory, with `drafts` (path -> text) as if they were there."""
    return compile_texts({**sources(root), **(drafts or {})})


def compile_texts(texts: Mapping[str, str]) -> Compiled:
    """Compile sources that were read before, by their path."""
    schema = files.read_text(f"{files.packaged()}/schemas/ensemble.json")
    return assemble(texts, schema)


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


def _read(root: str) -> dict[str, str]:
    folders = ["policy", "templates", *(f"registry/{name}" for name in _REGISTRY)]
    return {
        path: text for folder in folders for path, text in files.read_tree(root, folder).items()
    }


def _template(path: str) -> str:
    return path.split("/")[1]
