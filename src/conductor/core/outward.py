"""What a contribution does outside this machine: all of it is in the plan, and under its digest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conductor.core.forge import Rung


@dataclass(frozen=True, slots=True, kw_only=True)
class Outward:
    """A commit that exists in our mirror only, and where it would go."""

    remote: str
    base: str  # branch
    base_commit: str
    push_to: str  # the remote, or a fork
    branch: str
    commit: str
    repository: str  # as the forge knows it, `host/owner/name`; empty without a forge
    rung: Rung
    title: str
    body: str

    def document(self) -> dict[str, object]:
        return {
            "remote": self.remote,
            "base": self.base,
            "base_commit": self.base_commit,
            "push_to": self.push_to,
            "branch": self.branch,
            "commit": self.commit,
            "repository": self.repository,
            "rung": str(self.rung),
            "title": self.title,
            "body": self.body,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """A pull request as the forge has it."""

    number: int
    url: str
    state: str  # `open`, `merged` or `closed`
    commit: str  # that its branch is at
    title: str = ""
    body: str = ""


def message(title: str, summary: str, trailers: Mapping[str, str]) -> str:
    """Write the message of a commit: subject, one paragraph, trailers."""
    lines = "\n".join(f"{key}: {value}" for key, value in trailers.items())
    return f"{title}\n\n{summary}\n\n{lines}\n"


def trailers(message: str) -> dict[str, str]:
    """Read the trailers of a message back: the lines `Key: value` of its last paragraph."""
    last = message.strip().rpartition("\n\n")[2]
    pairs = [line.partition(": ") for line in last.splitlines()]
    return {key: value for key, colon, value in pairs if colon and key.startswith("Conductor-")}
