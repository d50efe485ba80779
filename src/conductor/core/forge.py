"""What a forge is told, and which way there is: the ladder from a pull request to a patch.

Nothing is guessed from an address for writing: two hosts are known, every other is configured.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlencode, urlsplit

_SCP = re.compile(r"(?:[\w.-]+@)?(?P<host>[A-Za-z0-9][\w.-]*):(?P<path>(?!/{2})\S+)")
_KNOWN = {"github.com": "github", "gitlab.com": "gitlab"}
_LONGEST_URL = 6_000  # characters; servers answer 414 to longer ones


class Rung(StrEnum):
    """The ways a contribution can be handed over, the best first."""

    GH = "gh"  # GitHub's interface, with the login of the command `gh`
    REST = "rest"  # the same requests, with a token from the environment
    PUSH_OPTIONS = "push-options"  # GitLab opens the merge request when it gets the branch
    COMPARE = "compare"  # the branch is pushed, and an address opens the form for the rest
    BRANCH = "branch"  # the branch is pushed, and nothing is known about a forge
    PATCH = "patch"  # nothing may be pushed: a patch and a bundle to send

    @property
    def pushes(self) -> bool:
        return self is not Rung.PATCH

    @property
    def proposes(self) -> bool:
        """Whether conductor itself opens and updates the pull request."""
        return self in {Rung.GH, Rung.REST}


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository as a forge knows it."""

    host: str  # with its port, where one is given
    path: str  # `acme/library`; GitLab has longer ones

    @property
    def owner(self) -> str:
        return self.path.partition("/")[0]

    def __str__(self) -> str:
        return f"{self.host}/{self.path}"


def repository_of(address: str) -> Repository | None:
    """Read host and path out of the address of a remote; None for one on this machine."""
    if address.startswith("/"):
        return None
    if "://" in address:
        parts = urlsplit(address)
        host, path = parts.hostname or "", parts.path
        if parts.port and parts.scheme in ("https", "http"):
            host = f"{host}:{parts.port}"
    elif found := _SCP.fullmatch(address):
        host, path = found["host"], found["path"]
    else:
        return None
    path = path.strip("/").removesuffix(".git")
    return Repository(host.lower(), path) if host and "/" in path else None


def forge_at(setting: str, repository: Repository | None) -> str:
    """Say what runs there: `github`, `gitlab` or `none`."""
    if repository is None:
        return "none"
    return _KNOWN.get(repository.host, "none") if setting == "auto" else setting


def rung_for(forge: str, *, transport: Rung | None, may_push: bool) -> Rung:
    """Take the best way that is open. `transport` is GH or REST where a login was found."""
    if not may_push:
        return Rung.PATCH
    if forge == "github":
        return transport or Rung.COMPARE
    return Rung.PUSH_OPTIONS if forge == "gitlab" else Rung.BRANCH


def head_of(branch: str, repository: Repository, fork: Repository | None) -> str:
    """Name the branch as a pull request does: `owner:branch`."""
    return f"{(fork or repository).owner}:{branch}"


def compare_url(repository: Repository, base: str, head: str, *, title: str, body: str) -> str:
    """Give the address of GitHub's form, filled in; the body is left out where it is too long."""
    place = f"https://{repository}/compare/{quote(base)}...{quote(head, safe='/:')}"
    for words in ({"title": title, "body": body}, {"title": title}):
        address = f"{place}?{urlencode({'quick_pull': 1, **words}, quote_via=quote)}"
        if len(address) <= _LONGEST_URL:
            return address
    return place


def push_options(base: str, *, title: str, description: str) -> tuple[str, ...]:
    """Ask GitLab for a merge request; an option is one line, so the description must be one."""
    return (
        "merge_request.create",
        f"merge_request.target={base}",
        f"merge_request.title={title}",
        f"merge_request.description={description}",
    )
