"""Making a commit and handing it over: plumbing only, so that no hook, filter or signer runs.

The same files, parent, person, time and message give the same id, on every machine.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from conductor.adapters.git.mirror import Mirror
from conductor.adapters.git.process import Answer, run
from conductor.adapters.git.source import protocol
from conductor.errors import OutsideError, UsageError

_NO_RIGHT = (
    "permission", "denied", "403", "401", "read-only", "could not read username",
    "authentication failed", "not allowed to push", "access rights", "unable to create temporary",
)  # fmt: skip


_NO_BLOB = "0" * 40


@dataclass(frozen=True, slots=True)
class Person:
    """Who a commit is by."""

    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What a remote said to a push; `refused` says why it took nothing, empty when it did."""

    refused: str = ""
    no_right: bool = False  # rather than a change in between


def person(mirror: Mirror) -> Person:
    """Read who commits on this machine out of git's own settings; raises UsageError."""
    found = [
        run(mirror.folder, ["config", "--get", key], network=True).text
        for key in ("user.name", "user.email")
    ]
    if not all(found):
        raise UsageError(
            "git does not know who you are, and a contribution is a commit of yours",
            hint='git config --global user.name "…" and git config --global user.email "…"',
        )
    return Person(*found)


def check_branch(mirror: Mirror, name: str, *, hint: str) -> None:
    """Raise UsageError for what git would not take as the name of a branch."""
    if name.startswith("-") or run(mirror.folder, ["check-ref-format", "--branch", name]).status:
        raise UsageError(f"`{name}` cannot be the name of a branch", hint=hint)


def write_commit(
    mirror: Mirror,
    parent: str,
    files: Mapping[str, bytes | None],
    *,
    author: Person,
    at: str,
    message: str,
) -> str:
    """Make the commit that changes `files` of `parent`; gives its id. None takes a file out.

    It is in the mirror only: no branch names it, and nothing is checked out. `at` is ISO 8601 in
    UTC.
    """
    modes = {one.path: one.mode for one in mirror.entries(parent)}
    index = f"{mirror.folder}/index.{os.getpid()}.{os.urandom(4).hex()}"
    own = {"GIT_INDEX_FILE": index}
    try:
        _text(run(mirror.folder, ["read-tree", parent], variables=own))
        lines = []
        for path, data in sorted(files.items()):
            if data is None:
                lines.append(f"0 {_NO_BLOB}\t{path}\0")
                continue
            blob = _text(run(mirror.folder, ["hash-object", "-w", "--stdin"], stdin=data))
            mode = modes.get(path, "100644")
            lines.append(f"{mode if mode == '100755' else '100644'} {blob}\t{path}\0")
        listed = "".join(lines).encode()
        _text(
            run(mirror.folder, ["update-index", "-z", "--index-info"], stdin=listed, variables=own)
        )
        tree = _text(run(mirror.folder, ["write-tree"], variables=own))
    finally:
        Path(index).unlink(missing_ok=True)
    date = f"@{int(datetime.fromisoformat(at).timestamp())} +0000"
    people = {
        f"GIT_{role}_{part}": value
        for role in ("AUTHOR", "COMMITTER")
        for part, value in (("NAME", author.name), ("EMAIL", author.email), ("DATE", date))
    }
    made = ["commit-tree", "--no-gpg-sign", "-p", parent, tree]
    return _text(run(mirror.folder, made, stdin=message.encode(), variables=people))


def default_branch(mirror: Mirror, address: str) -> str:
    """Ask a remote which branch is its own; empty when it has no commit yet."""
    words = ["ls-remote", "--quiet", "--symref", "--", address, "HEAD"]
    answer = run(mirror.folder, words, network=True, protocols=protocol(address))
    if answer.status:
        raise OutsideError(f"`{address}` cannot be asked: {answer.reason}")
    named = [line.split() for line in answer.text.splitlines() if line.startswith("ref: ")]
    return next((ref.removeprefix("refs/heads/") for _, ref, *_ in named), "")


@dataclass(frozen=True, slots=True)
class RemoteBranch:
    """A branch of a remote, whether it is there or not."""

    mirror: Mirror
    address: str
    name: str
    hint: str = ""  # for the case that the remote cannot be asked

    def head(self) -> str:
        """Ask for its commit; empty when there is no such branch."""
        words = ["ls-remote", "--quiet", "--", self.address, self._ref]
        answer = self._run(words)
        if answer.status:
            raise OutsideError(f"`{self.address}` cannot be asked: {answer.reason}", hint=self.hint)
        found = (line.split("\t") for line in answer.text.splitlines())
        return next((commit for commit, ref in found if ref == self._ref), "")

    def try_push(self, commit: str, *, expected: str) -> Pushed:
        """Tell whether a push would be taken, without sending anything.

        A path is only looked at: git would start in that repository, with its configuration, and
        that is for after the yes.
        """
        if protocol(self.address) == "file":
            folder = self.address.removeprefix("file://")
            may = os.access(f"{folder}/objects", os.W_OK) or os.access(
                f"{folder}/.git/objects", os.W_OK
            )
            return Pushed() if may else Pushed(refused="it is read-only", no_right=True)
        return self.push(commit, expected=expected, dry=True)

    def push(
        self, commit: str, *, expected: str, options: Sequence[str] = (), dry: bool = False
    ) -> Pushed:
        """Move it to `commit`, if it still is at `expected` (empty: not there).

        With `dry`, only the right to do so is tried. A `+` would defeat the lease: there is none.
        """
        words = ["push", "--porcelain", "--no-verify", "--no-follow-tags", "--no-signed"]
        words += [f"--force-with-lease={self._ref}:{expected}", *(["--dry-run"] if dry else [])]
        words += [word for option in options for word in ("--push-option", option)]
        answer = self._run([*words, "--", self.address, f"{commit}:{self._ref}"])
        if not answer.status:
            return Pushed()
        told = [line for line in answer.text.splitlines() if line.startswith("!")]
        reason = told[0].split("\t")[-1] if told else answer.reason
        said = f"{reason}\n{answer.errors}".lower()
        no_right = "stale info" not in said and any(word in said for word in _NO_RIGHT)
        return Pushed(refused=reason, no_right=no_right)

    @property
    def _ref(self) -> str:
        return f"refs/heads/{self.name}"

    def _run(self, words: list[str]) -> Answer:
        speak = protocol(self.address)
        return run(self.mirror.folder, words, network=True, protocols=speak)


def patch(mirror: Mirror, base: str, commit: str) -> bytes:
    """Write the commit as a mail that `git am` takes."""
    words = ["format-patch", "--stdout", "--binary", "--no-signature", f"{base}..{commit}"]
    answer = run(mirror.folder, words)
    _text(answer)
    return answer.output


def bundle(mirror: Mirror, base: str, commit: str, branch: str) -> bytes:
    """Write the commit as a file that one can `git fetch` the branch from."""
    name = f"refs/heads/{branch}"
    _text(run(mirror.folder, ["update-ref", name, commit]))
    answer = run(mirror.folder, ["bundle", "create", "--quiet", "-", name, f"^{base}"])
    _text(run(mirror.folder, ["update-ref", "-d", name]))
    _text(answer)
    return answer.output


def merge_base(mirror: Mirror, one: str, other: str) -> str:
    """Give the commit at which two parted; raises UsageError when they have none in common."""
    answer = run(mirror.folder, ["merge-base", one, other])
    if answer.status:
        raise UsageError("the two revisions have no commit in common", hint="see `--base`")
    return answer.text


def message_of(mirror: Mirror, commit: str) -> str:
    """Give the whole message of a commit."""
    return _text(run(mirror.folder, ["show", "--no-patch", "--format=%B", commit]))


def _text(answer: Answer) -> str:
    if answer.status:
        raise OutsideError(f"git refuses a step of the contribution: {answer.reason}")
    return answer.text
