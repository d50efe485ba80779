"""A bare repository of ours: others' commits are fetched into it by address, and read here.

No git process ever runs with somebody else's `.git/config`: such a file can name commands (as a
file system monitor, a filter, a signing program or a hook), and no flag switches all of them off.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from conductor.adapters.git.process import Answer, run
from conductor.adapters.git.source import protocol
from conductor.errors import OutsideError, UsageError

# Written by us, as a whole, each time a mirror is opened.
_CONFIG = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tfilemode = true\n"
_FILES = ("100644", "100755")
_REVISION = re.compile(r"[^\s:^~@{}\x00-\x1f\x7f*?\[\\-][^\s:^~@{}\x00-\x1f\x7f*?\[\\]*")
_ANCESTOR = re.compile(r"(?:[\^~]\d*)*")
_COMMIT = re.compile(r"[0-9a-f]{4,64}")
_PLACES = ("", "heads/", "tags/", "remotes/", "remotes/origin/")
_FETCHED = ("heads", "tags", "remotes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file of a commit. Links, submodules and odd modes are told, and never read."""

    path: str
    mode: str  # as git writes it, such as `100644`
    id: str
    bytes: int  # 0 for what is no file

    @property
    def is_file(self) -> bool:
        return self.mode in _FILES


def open_mirror(folder: str) -> Mirror:
    """Open the mirror in `folder`, or make an empty one there; its configuration is ours again."""
    path = Path(folder)
    try:
        if not (path / "HEAD").is_file():
            path.mkdir(parents=True, exist_ok=True)
            answer = run(folder, ["init", "--quiet", "--bare", "--template=", "."])
            _expect(answer, "a mirror cannot be made", at=folder)
        _configure(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutsideError(f"a mirror cannot be written: {reason}", at=folder) from error
    return Mirror(folder)


def _configure(path: Path) -> None:
    temporary = path / f"config.{os.getpid()}"
    temporary.write_text(_CONFIG, encoding="utf-8")
    temporary.replace(path / "config")
    for planted in ("commondir", "config.worktree"):
        (path / planted).unlink(missing_ok=True)


class Mirror:
    """Reading. INVARIANT: `folder` was opened by `open_mirror`."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def fetch(self, source: str, revision: str) -> str:
        """Fetch what `revision` names in the repository at `source`; gives the commit's id.

        `source` is an absolute path or an address; `revision` is a branch, a tag, a commit, or one
        of these with `~2` or `^` behind it. Raises UsageError when it names no commit there.
        """
        base, ancestor = _split(revision)
        refs = [f"+refs/{kind}/*:refs/source/{kind}/*" for kind in _FETCHED]
        answer = self._fetch(source, ["+HEAD:refs/source/HEAD", *refs])
        if answer.status and "remote ref HEAD" in answer.errors:  # nothing is checked out there
            answer = self._fetch(source, refs)
        _expect(answer, f"`{source}` cannot be fetched", at="")
        found = self._resolve(base, ancestor)
        if not found and _COMMIT.fullmatch(base):  # a commit that no branch reaches
            self._fetch(source, [base])
            found = self._resolve(base, ancestor)
        if not found:
            raise UsageError(
                f"there is no revision `{revision}` in `{source}`",
                hint="name a branch, a tag or a commit: `git log --oneline` lists them",
            )
        return found

    def advance(self, branch: str, commit: str) -> bool:
        """Remember the newest commit of a branch; False when it does not follow the last one."""
        name = f"refs/seen/{branch}"
        last = run(self.folder, ["rev-parse", "--verify", "--quiet", name]).text
        if last and run(self.folder, ["merge-base", "--is-ancestor", last, commit]).status:
            return False
        return not run(self.folder, ["update-ref", name, commit]).status

    def seen(self, branch: str = "") -> str:
        """Give the newest commit of a branch as it was seen last; contacts nobody.

        Without a name, of the only branch that was ever looked at. Empty: there is none.
        """
        words = ["for-each-ref", "--format=%(objectname)", f"refs/seen/{branch}"]
        found = run(self.folder, words).text.split()
        return found[0] if len(found) == 1 else ""

    def has(self, commit: str) -> bool:
        """Tell whether a commit, by its full id, was fetched before; contacts nobody."""
        wanted = f"{commit}^{{commit}}"
        return not run(self.folder, ["rev-parse", "--verify", "--quiet", wanted]).status

    def entries(self, commit: str, folder: str = "") -> tuple[Entry, ...]:
        """List what a commit holds below `folder`, sorted by path.

        Raises OutsideError when a name is not UTF-8.
        """
        target = f"{commit}:{folder}" if folder else commit
        answer = run(self.folder, ["ls-tree", "-r", "-z", "-l", "--full-tree", target])
        if answer.status and folder:
            return ()
        _expect(answer, f"commit `{commit}` cannot be read", at="")
        return tuple(_entry(line) for line in answer.output.split(b"\0") if line)

    def read(self, entries: Iterable[Entry], *, most: int) -> dict[str, bytes]:
        """Read files by path; raises OutsideError when together they exceed `most` bytes."""
        wanted = [entry for entry in entries if entry.is_file]
        if sum(entry.bytes for entry in wanted) > most:
            raise OutsideError(f"the commit holds more than {most // 1_000_000} MB to read")
        names = "".join(f"{entry.id}\n" for entry in wanted).encode()
        answer = run(self.folder, ["cat-file", "--batch"], stdin=names)
        _expect(answer, "objects cannot be read", at=self.folder)
        contents, at = {}, 0
        for entry in wanted:
            at = answer.output.index(b"\n", at) + 1  # behind `id blob size`
            contents[entry.path] = answer.output[at : at + entry.bytes]
            at += entry.bytes + 1
        return contents

    def _fetch(self, source: str, refspecs: list[str]) -> Answer:
        words = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--prune", "--force"]
        speak = protocol(source)
        return run(self.folder, [*words, "--", source, *refspecs], network=True, protocols=speak)

    def _resolve(self, base: str, ancestor: str) -> str:
        names = [f"refs/source/{place}{base}" for place in _PLACES]
        for name in [*names, base] if _COMMIT.fullmatch(base) else names:
            wanted = f"{name}{ancestor}^{{commit}}"
            answer = run(self.folder, ["rev-parse", "--verify", "--quiet", wanted])
            if not answer.status:
                return answer.text
        return ""


def _split(revision: str) -> tuple[str, str]:
    base = re.split(r"[\^~]", revision, maxsplit=1)[0]
    ancestor = revision[len(base) :]
    base = "HEAD" if base == "@" else base.removeprefix("refs/")
    if not _REVISION.fullmatch(base) or not _ANCESTOR.fullmatch(ancestor) or ".." in base:
        raise UsageError(
            f"`{revision}` is no revision",
            hint="name a branch, a tag or a commit, such as `main` or `HEAD~1`",
        )
    return base, ancestor


def _entry(line: bytes) -> Entry:
    about, _, path = line.partition(b"\t")
    mode, _, object_id, size = about.decode("ascii").split()
    try:
        name = path.decode("utf-8")
    except UnicodeDecodeError as error:
        raise OutsideError(f"the commit holds a file whose name is not UTF-8: {path!r}") from error
    return Entry(path=name, mode=mode, id=object_id, bytes=0 if size == "-" else int(size))


def _expect(answer: Answer, message: str, *, at: str) -> None:
    if answer.status:
        raise OutsideError(f"{message}: {answer.reason}", at=at)
