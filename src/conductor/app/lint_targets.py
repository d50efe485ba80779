"""What `lint` was asked to look at: names, files, folders, or everything of this workspace."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from conductor.app.compile import ENGINE
from conductor.app.lint import Target
from conductor.app.tier_folder import ENSEMBLES, PROFILES, SCRIPTS, TierFolder
from conductor.compiler.problems import nearest
from conductor.errors import UsageError

_NAME = re.compile(r"[A-Za-z0-9][\w-]{0,127}")  # a pattern before it is a path
_KINDS = (ENSEMBLES, PROFILES, SCRIPTS)
_YAML = (".yaml", ".yml")


class Finder:
    """Finds targets; each folder is opened once. `root` is the workspace, if there is one."""

    def __init__(self, root: str | None, cwd: str) -> None:
        self.root = root
        self.cwd = Path(cwd).resolve()
        self._folders: dict[Path, TierFolder] = {}

    def find(self, words: Iterable[str]) -> list[Target]:
        """Give the targets; without words, all ensembles of the workspace."""
        given = list(words)
        if not given:
            return list(self._everything())
        return [target for word in given for target in self._word(word)]

    def _word(self, word: str) -> Iterator[Target]:
        path = self.cwd / word
        if path.is_dir():
            found = list(self._below(path.resolve()))
            if not found:
                raise UsageError(
                    f"there is no ensemble below `{word}`",
                    hint="name a folder that holds `ensembles/`, or YAML files with `agents:`",
                )
            yield from found
        elif path.is_symlink() or path.is_file():
            yield self._file(path)
        else:
            yield self._named(word)

    def _file(self, path: Path) -> Target:
        """Place a file in the tier around it; one that stands alone is a tier of its own."""
        absolute = path.parent.resolve() / path.name
        for parent in absolute.parents:
            if parent.name in _KINDS:
                folder = self._folder(parent.parent)
                return Target(folder=folder, path=absolute.relative_to(parent.parent).as_posix())
        return Target(folder=self._folder(absolute.parent), path=absolute.name)

    def _below(self, folder: Path) -> Iterator[Target]:
        if (folder / ENSEMBLES).is_dir():
            tier = self._folder(folder)
            yield from (Target(folder=tier, path=path) for path in tier.ensembles())
            return
        for path in sorted(folder.rglob("*")):
            hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
            if path.suffix in _YAML and path.is_file() and not hidden and _is_ensemble(path):
                yield self._file(path)

    def _everything(self) -> Iterator[Target]:
        """Give what is committed, and what stands only where the engine reads."""
        if self.root is None:
            raise UsageError(
                "this folder is in no workspace", hint="name a file or a folder of ensembles"
            )
        registry = self._folder(Path(self.root) / "registry")
        engine = self._folder(Path(self.root) / ENGINE)
        committed = registry.ensembles()
        yield from (Target(folder=registry, path=path) for path in committed)
        own = [path for path in engine.ensembles() if path not in committed]
        yield from (Target(folder=engine, path=path) for path in own)

    def _named(self, name: str) -> Target:
        known: list[str] = []
        if _NAME.fullmatch(name) and self.root is not None:
            for place in ("registry", ENGINE):
                folder = self._folder(Path(self.root) / place)
                for path in folder.ensembles():
                    stem = PurePosixPath(path).stem
                    known.append(stem)
                    if stem == name:
                        return Target(folder=folder, path=path)
        hint = nearest(name, known) if known else "name a file or a folder"
        raise UsageError(f"there is no ensemble, file or folder `{name}`", hint=hint)

    def _folder(self, path: Path) -> TierFolder:
        if path not in self._folders:
            try:
                shown = path.relative_to(Path(self.root).resolve() if self.root else self.cwd)
                prefix = "" if shown == Path() else f"{shown.as_posix()}/"
            except ValueError:
                prefix = f"{path.as_posix()}/"
            self._folders[path] = TierFolder(str(path), prefix)
        return self._folders[path]


def _is_ensemble(path: Path) -> bool:
    """Tell an ensemble from other YAML by its text, because it may be one that does not parse."""
    try:
        with path.open(encoding="utf-8", errors="replace") as stream:
            return bool(re.search(r"^agents:", stream.read(300_000), re.MULTILINE))
    except OSError:
        return False
