"""Where a repository may come from, and which protocol each address speaks."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from conductor.errors import UsageError

_SCP = re.compile(r"(?:[\w.-]+@)?[A-Za-z0-9][\w.-]*:(?!:)(?!/{2})[^\s-]\S*")  # git@host:path
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def protocol(address: str) -> str:
    """Tell what git would speak to `address`: `file`, `https`, `http` or `ssh`.

    Raises UsageError for everything else: `ext::` and other helpers run commands, plain http can
    be changed on the way, and an address with a password would carry it into logs.
    """
    if address.startswith("/"):
        return "file"
    parts = urlsplit(address)
    if parts.password:
        raise UsageError(
            "the address of a repository holds a password",
            hint="take it out: git asks your credential helper",
        )
    if parts.scheme in ("https", "ssh") and parts.hostname and not parts.hostname.startswith("-"):
        return parts.scheme
    if parts.scheme == "file" and not parts.netloc and parts.path.startswith("/"):
        return "file"
    if parts.scheme == "http" and parts.hostname in _LOOPBACK:
        return "http"
    if "://" not in address and _SCP.fullmatch(address):
        return "ssh"
    raise UsageError(
        f"`{address}` is no address of a repository that conductor reads",
        hint="write an absolute path, https://…, ssh://… or user@host:path",
    )


def repository_around(folder: str) -> str | None:
    """Find the top of the repository that holds `folder`, by looking for `.git`; runs no git."""
    here = Path(folder).resolve()
    return next((str(top) for top in (here, *here.parents) if (top / ".git").exists()), None)
