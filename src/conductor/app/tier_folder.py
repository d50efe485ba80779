"""A folder with ensembles/, profiles/ and scripts/, read as if a stranger had written it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

from conductor.adapters import files, inside
from conductor.app.lazily import Lazily
from conductor.compiler import foreign
from conductor.compiler.foreign import Foreign
from conductor.core.closure import Shelf
from conductor.core.execution import Document

ENSEMBLES, PROFILES, SCRIPTS = "ensembles", "profiles", "scripts"
_MAX_SCRIPT = 2_000_000  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A file as it was found; with `escape`, why it was not opened, and nothing else."""

    path: str  # below the tier's folder
    content: bytes = b""
    read: Foreign = field(default_factory=Foreign)
    escape: str = ""


class TierFolder:
    """A tier, a library or a registry. `shown` is put before paths in findings.

    With `alone`, a file that has a second name is not opened. What is promoted is read so;
    to lint it would be too strict, because package managers link files that they share.
    """

    def __init__(self, root: str, shown: str, *, alone: bool = False) -> None:
        self.root = root
        self.shown = shown
        self.alone = alone
        self._opened: dict[str, Opened | None] = {}

    def with_content(self, path: str, content: bytes) -> TierFolder:
        """Give the folder as it would be if a file said something else; nothing is written."""
        other = copy(self)
        vars(other).pop("shelf", None)  # it looks things up in the folder that it was made for
        if path.startswith(PROFILES):
            vars(other).pop("profile_paths", None)
        vars(other)["_opened"] = {**self._opened, path: self._read(path, content)}
        return other

    @cached_property
    def shelf(self) -> Shelf:
        """Everything in it, for closures: children by file stem, profiles by their name."""
        return Shelf(
            ensembles=Lazily(self._ensemble),
            profiles=Lazily(self._profile),
            scripts=Lazily(self._script),
        )

    def yaml(self, path: str) -> Opened | None:
        """Open an ensemble or a profile by its path below the folder; None without one."""
        return self._once(path, foreign.MAX_BYTES)

    def script(self, reference: str) -> Opened | None:
        """Open what an agent's `script` names, where the engine looks for it."""
        for path in (reference, f"{SCRIPTS}/{reference}"):
            if found := self._once(path, _MAX_SCRIPT):
                return found
        return None

    def ensembles(self) -> list[str]:
        """List the paths of all ensembles, those in folders below included."""
        listed = files.list_files(self.root, ENSEMBLES)
        return [path for path in listed if path.endswith((".yaml", ".yml"))]

    @cached_property
    def profile_paths(self) -> Mapping[str, str]:
        """Where each profile stands: the engine takes its name from the file's `name`."""
        found: dict[str, str] = {}
        for path in files.list_files(self.root, PROFILES):
            if path.endswith(".yaml") and (opened := self.yaml(path)):
                name = opened.read.data.get("name", PurePosixPath(path).stem)
                found.setdefault(str(name), path)
        return found

    def siblings(self, path: str) -> frozenset[str]:
        """Name what lies in the same folder as a file: ensembles by stem, scripts in full."""
        folder = str(PurePosixPath(path).parent)
        known = self._listing if path.startswith(SCRIPTS) else self._stems
        return known.get(folder, frozenset())

    @cached_property
    def _stems(self) -> dict[str, frozenset[str]]:
        return {
            folder: frozenset(PurePosixPath(name).stem for name in names)
            for folder, names in self._listing.items()
        }

    @cached_property
    def _listing(self) -> dict[str, frozenset[str]]:
        folders: dict[str, set[str]] = {}
        for kind in (ENSEMBLES, PROFILES, SCRIPTS):
            for path in files.list_files(self.root, kind):
                one = PurePosixPath(path)
                folders.setdefault(str(one.parent), set()).add(one.name)
        return {folder: frozenset(names) for folder, names in folders.items()}

    def _once(self, path: str, limit: int) -> Opened | None:
        if path not in self._opened:
            self._opened[path] = self._open(path, limit)
        return self._opened[path]

    def _open(self, path: str, limit: int) -> Opened | None:
        try:
            content = inside.read(self.root, path, limit, alone=self.alone)
        except inside.Escapes as escape:
            return Opened(path=path, escape=str(escape))
        return None if content is None else self._read(path, content)

    def _read(self, path: str, content: bytes) -> Opened:
        placed = path.startswith((f"{ENSEMBLES}/", f"{PROFILES}/"))
        is_yaml = placed or path.endswith((".yaml", ".yml"))
        read = foreign.read(f"{self.shown}{path}", content) if is_yaml else Foreign()
        return Opened(path=path, content=content, read=read)

    def _ensemble(self, stem: str) -> Document | None:
        opened = self.yaml(f"{ENSEMBLES}/{stem}.yaml")
        return opened.read.data if opened and not opened.escape else None

    def _profile(self, name: str) -> Document | None:
        path = self.profile_paths.get(name)
        opened = self.yaml(path) if path else None
        return opened.read.data if opened else None

    def _script(self, reference: str) -> bytes | None:
        opened = self.script(reference)
        return opened.content if opened and not opened.escape else None
