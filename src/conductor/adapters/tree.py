"""Writing below a folder that others may have filled: part by part, never through a link."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from conductor.errors import OutsideError, SourceError, UsageError

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Tree:
    """Relative paths with forward slashes below `root`, which itself may be a link."""

    def __init__(self, root: str) -> None:
        self.root = root

    def write(self, path: str, data: bytes) -> None:
        """Replace a file so that readers see the old or the new bytes, also after a power cut."""
        try:
            Path(self.root).mkdir(parents=True, exist_ok=True)
            with self._folder(path) as (folder, name):
                temporary = f".{name}.{os.getpid()}.{os.urandom(4).hex()}"
                descriptor = os.open(temporary, _WRITE, 0o644, dir_fd=folder)
                try:
                    with os.fdopen(descriptor, "wb") as stream:
                        _keep_mode(descriptor, folder, name)
                        stream.write(data)
                        stream.flush()
                        os.fsync(stream.fileno())
                    os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
                except BaseException:
                    with suppress(OSError):
                        os.unlink(temporary, dir_fd=folder)
                    raise
                _sweep(folder, name)
                os.fsync(folder)  # the name is durable as well
        except OSError as error:
            raise self._refused(path, error) from error

    def remove(self, path: str) -> None:
        """Take a file out; one that is not there is no error."""
        try:
            with self._folder(path) as (folder, name), suppress(FileNotFoundError):
                os.unlink(name, dir_fd=folder)
                os.fsync(folder)
        except OSError as error:
            raise self._refused(path, error) from error

    @contextmanager
    def _folder(self, path: str) -> Iterator[tuple[int, str]]:
        """Open the folder of a file, made where it is missing, and give the file's name in it."""
        parts = PurePosixPath(path).parts
        if not parts or path.startswith("/") or ".." in parts or "\0" in path:
            raise UsageError(f"`{path}` leads out of its folder")
        here = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for part in parts[:-1]:
                with suppress(FileExistsError):
                    os.mkdir(part, dir_fd=here)
                inner = os.open(part, _FOLDER, dir_fd=here)
                os.close(here)
                here = inner
            yield here, parts[-1]
        finally:
            os.close(here)

    def _at(self, path: str) -> str:
        return f"{self.root}/{path}"

    def _refused(self, path: str, error: OSError) -> SourceError | OutsideError:
        if _through_link(self.root, path):
            return SourceError(
                "a link is not followed", at=self._at(path), hint="put a copy in its place"
            )
        reason = (error.strerror or str(error)).lower()
        return OutsideError(f"the file cannot be used: {reason}", at=self._at(path))


def _sweep(folder: int, name: str) -> None:
    """Take away what a process that was killed began to write under this name."""
    begun = re.compile(rf"\.{re.escape(name)}\.(\d+)\.[0-9a-f]{{8}}")
    for other in os.listdir(folder):
        if (found := begun.fullmatch(other)) and not _lives(int(found[1])):
            with suppress(OSError):
                os.unlink(other, dir_fd=folder)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True  # somebody else's
    return True


def _keep_mode(descriptor: int, folder: int, name: str) -> None:
    """Let those read it who could read the file in its place."""
    with suppress(FileNotFoundError):
        there = os.stat(name, dir_fd=folder, follow_symlinks=False)
        os.fchmod(descriptor, stat.S_IMODE(there.st_mode))


def _through_link(root: str, path: str) -> bool:
    inside = [PurePosixPath(path), *PurePosixPath(path).parents]
    return any(Path(root, one).is_symlink() for one in inside[:-1])


@contextmanager
def locked(path: str, what: str) -> Iterator[None]:
    """Hold a lock while the context lasts; raises OutsideError when another process has it."""
    import fcntl

    Path(path).parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OutsideError(
                f"another process is at {what}", hint="wait until it is done, then try again"
            ) from error
        yield
    finally:
        os.close(descriptor)
