"""Reading foreign files below a folder: never through a link, and nothing but regular ones."""

from __future__ import annotations

import errno
import os
import stat

MAX_BYTES = 20_000_000  # of one file, unless the reader says less


class Escapes(Exception):
    """A path that leads out of its folder, or to something that is no regular file."""


def read(root: str, path: str, cap: int = MAX_BYTES, *, alone: bool = False) -> bytes | None:
    """Read a foreign file below `root`, up to one byte more than `cap`; None without one.

    Only a regular file, not through a link; `alone`: without a second name. Raises Escapes.
    """
    parts = path.split("/")
    if path.startswith("/") or "\0" in path or not {"", ".", ".."}.isdisjoint(parts):
        raise Escapes(f"`{path}` leads outside")
    try:
        descriptor = _open_inside(root, parts)
    except FileNotFoundError:
        return None
    except OSError as error:
        linked = error.errno in (errno.ELOOP, errno.ENOTDIR)
        why = "is a link" if linked else (error.strerror or str(error)).lower()
        raise Escapes(f"`{path}` cannot be opened: it {why}") from error
    mode, _, _, links, *_ = os.fstat(descriptor)
    if not stat.S_ISREG(mode) or (alone and links > 1):
        os.close(descriptor)
        raise Escapes(f"`{path}` is no regular file with one name")
    with os.fdopen(descriptor, "rb") as stream:
        return stream.read(cap + 1)


_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY


def _open_inside(root: str, parts: list[str]) -> int:
    """Open folder by folder, so that nobody can put a link in between."""
    here = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            here, above = os.open(part, _FOLDER, dir_fd=here), here
            os.close(above)
        # A pipe would wait for somebody to write.
        return os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=here)
    finally:
        os.close(here)
