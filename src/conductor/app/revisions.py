"""A workspace as it was at a revision of its repository; nothing is checked out anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from conductor.adapters import files, homes
from conductor.core.digest import digest_bytes
from conductor.errors import UsageError

if TYPE_CHECKING:
    from conductor.adapters.git import Mirror

_MOST_BYTES = 50_000_000  # of one workspace's sources
_PARTS = ("policy/", "templates/", "registry/")


def texts_at(root: str, revision: str, *, below: str | None = None) -> dict[str, str]:
    """Read the sources of the workspace at `root` as they were at `revision`, by their path.

    `below` names another folder of its repository that was a workspace then; empty: the top.
    Raises UsageError when the workspace is in no repository, when there is no such revision, or
    when the workspace was not there yet.
    """
    from conductor.adapters.git import repository_around

    top = repository_around(root)
    if top is None:
        raise UsageError(
            f"`{revision}` is no workspace, and this folder is in no git repository",
            hint="name a folder that holds a conductor.toml",
        )
    mirror = mirror_of(top)
    commit = mirror.fetch(top, revision)
    prefix = Path(root).resolve().relative_to(top).as_posix() if below is None else below
    texts = contents_of(mirror, commit, "" if prefix == "." else prefix.strip("/"))
    if files.SETTINGS not in texts:
        where = f"`{revision}`" if below is None else f"`{revision}` in `{below}`"
        raise UsageError(f"there is no {files.SETTINGS} at revision {where}")
    return texts


def contents_of(mirror: Mirror, commit: str, folder: str) -> dict[str, str]:
    """Read settings and sources below a folder of a commit that was fetched before."""
    wanted = [entry for entry in mirror.entries(commit, folder) if _is_source(entry.path)]
    contents = mirror.read(wanted, most=_MOST_BYTES)
    return {path: files.decoded(data, f"{commit[:12]}:{path}") for path, data in contents.items()}


def _is_source(path: str) -> bool:
    """Pass over what `files.read_tree` passes over."""
    hidden = any(part.startswith(".") or part == "__pycache__" for part in path.split("/"))
    return path == files.SETTINGS or (path.startswith(_PARTS) and not hidden)


def mirror_of(address: str) -> Mirror:
    """Open our mirror of a repository: one per address, outside every workspace.

    A workspace may come from somebody else, and must not bring a prepared mirror with it.
    """
    from conductor.adapters.git import open_mirror

    return open_mirror(place_of(address))


def place_of(address: str) -> str:
    """Say in which folder the mirror of a repository is, or would be."""
    name = digest_bytes(address.encode()).removeprefix("sha256:")[:32]
    return f"{homes.state()}/git/{name}.git"
