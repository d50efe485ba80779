"""`compile`: sources to bundle, registry, the engine's copies of it, and schemas for editors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from conductor.adapters import files
from conductor.app.build import compiled
from conductor.compiler.assemble import Compiled
from conductor.compiler.layout import is_source
from conductor.compiler.rendering import WRITTEN, Upgrade
from conductor.core import bundle
from conductor.core.digest import digest_bytes
from conductor.core.finding import Finding, Place
from conductor.formats.policy_page import WRITTEN as WRITTEN_PAGE
from conductor.formats.policy_page import policy_page

ENGINE = ".llm-orc"  # what the engine reads: byte-identical copies of the registry
MANIFEST = f"{files.PRIVATE}/written.json"  # digests of the copies that we wrote
_COPIED = ("registry/ensembles/", "registry/profiles/", "registry/scripts/")
_INDEX = "registry/index.json"
_SCHEMAS = "schemas/"  # generated for editors
PAGE = "docs/policy.md"  # written when it is wanted, and kept up to date from then on


class Action(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    path: str  # relative to the workspace
    action: Action

    @property
    def committed(self) -> bool:
        """Tell what git keeps from what each machine has for itself."""
        return not self.path.startswith((f"{files.PRIVATE}/", f"{ENGINE}/"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Compilation:
    """What compiling found and wrote; with `check`, what it would have written."""

    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    revision: str  # of the policy; empty when it does not compile
    failed: bool
    upgrades: tuple[Upgrade, ...] = ()  # what newer templates would change, and did not

    def differences(self) -> tuple[Finding, ...]:
        """Give each change as a finding: what `--check` objects to."""
        return tuple(
            Finding(
                name="out-of-date",
                message=f"compile would write this file: {change.action}",
                at=Place(change.path),
                hint="run `conductor compile` and commit the result",
            )
            for change in self.changes
        )


def compile_workspace(root: str, *, check: bool = False, docs: bool = False) -> Compilation:
    """Compile and write. Nothing is written when a finding is an error, or with `check`.

    With `docs`, the policy's page is written too; one that is there already always is.
    """
    result = compiled(root)
    if result.failed:
        return Compilation(findings=result.findings, changes=(), revision="", failed=True)
    plan = _Plan(root, {**result.files, **_page(root, result, wanted=docs)}, result.bundle)
    findings = (*result.findings, *plan.conflicts())
    failed = len(findings) > len(result.findings)
    changes = tuple(plan.changes(committed_only=check))
    if not failed and not check:
        plan.write(changes)
    revision = json.loads(result.bundle)["revision"]
    return Compilation(
        findings=findings,
        changes=changes,
        revision=revision,
        failed=failed,
        upgrades=result.upgrades,
    )


class _Plan:
    """The files that should be there, against those that are."""

    def __init__(self, root: str, generated: Mapping[str, str], bundle_text: str) -> None:
        self.root = root
        self.copies = {
            path.replace("registry/", f"{ENGINE}/", 1): text
            for path, text in {**generated, **self._by_hand(generated)}.items()
            if path.startswith(_COPIED)
        }
        self.wanted = {**generated, **self.copies, files.BUNDLE: bundle_text}
        self.there = {path: self._there(path) for path in self.wanted}
        self.manifest = self._manifest()

    def conflicts(self) -> Iterator[Finding]:
        """Find the files that are in the way and that compile did not write."""
        for path, text in self.wanted.items():
            there = self.there[path]
            if there is None or there == text or self._ours(path, there):
                continue
            if hint := _RENAME.get(path.partition("/")[0]):
                yield _conflict(path, "this file is not one that compile wrote", hint)
            else:
                hint = "move the change to the spec or the template, then delete this file"
                yield _conflict(path, "this copy was changed by hand", hint)

    def changes(self, *, committed_only: bool) -> Iterator[Change]:
        """List what differs; what git ignores counts only when it is there already."""
        for path, text in self.wanted.items():
            there, new = self.there[path], Change(path=path, action=Action.NEW)
            if there is None and (new.committed or not committed_only):
                yield new
            elif there is not None and there != text:
                yield Change(path=path, action=Action.CHANGED)
        for path in self._left_over():
            yield Change(path=path, action=Action.REMOVED)

    def write(self, changes: tuple[Change, ...]) -> None:
        """Write the bundle last: with it the new policy takes effect."""
        for change in changes:
            if change.action is Action.REMOVED:
                files.delete(f"{self.root}/{change.path}")
            elif change.path != files.BUNDLE:
                files.write_atomically(f"{self.root}/{change.path}", self.wanted[change.path])
        digests = {path: digest_bytes(text.encode()) for path, text in sorted(self.copies.items())}
        if digests != self.manifest:
            text = json.dumps({"format": 1, "files": digests}, indent=1) + "\n"
            files.write_atomically(f"{self.root}/{MANIFEST}", text)
        # Also when its text is the same: it is newer than its sources now.
        files.write_atomically(f"{self.root}/{files.BUNDLE}", self.wanted[files.BUNDLE])

    def _by_hand(self, generated: Mapping[str, str]) -> dict[str, str]:
        """Read what stands in the registry without a spec: it is copied as it is."""
        found: dict[str, str] = {}
        for folder in _COPIED:
            found |= files.read_tree(self.root, folder.rstrip("/"))
        return {
            path: text for path, text in found.items() if path not in generated and is_source(path)
        }

    def _there(self, path: str) -> str | None:
        return files.read_if_there(f"{self.root}/{path}")

    def _manifest(self) -> dict[str, str]:
        text = self._there(MANIFEST)
        try:
            return dict(json.loads(text)["files"]) if text else {}
        except (ValueError, KeyError, TypeError):
            return {}  # then only copies equal to the registry's count as ours

    def _ours(self, path: str, there: str) -> bool:
        if path in (files.BUNDLE, _INDEX) or path.startswith(_SCHEMAS):
            return True
        if path == PAGE:
            return there.startswith(WRITTEN_PAGE)
        if path.startswith("registry/"):
            return there.startswith(WRITTEN.partition("{")[0])
        if self.manifest.get(path) == digest_bytes(there.encode()):
            return True
        return there == self._there(path.replace(f"{ENGINE}/", "registry/", 1))

    def _left_over(self) -> list[str]:
        """List copies that we wrote, that nobody changed since and that have no source now."""
        return [
            path
            for path, written in sorted(self.manifest.items())
            if path not in self.copies
            and (there := self._there(path)) is not None
            and digest_bytes(there.encode()) == written
        ]


_RENAME = {
    "registry": "rename it: this path belongs to a template's script or to a spec",
    "docs": "rename it: this path belongs to the page that `--docs` writes",
}


def _page(root: str, result: Compiled, *, wanted: bool) -> dict[str, str]:
    """Give the policy's page, when it is wanted or there already."""
    there = files.read_if_there(f"{root}/{PAGE}")
    if wanted or (there and there.startswith(WRITTEN_PAGE)):
        return {PAGE: policy_page(bundle.load(result.bundle), result.descriptions)}
    return {}


def _conflict(path: str, message: str, hint: str) -> Finding:
    return Finding(name="not-ours", message=message, at=Place(path), hint=hint)
