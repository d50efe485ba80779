"""The door to the file system: workspaces, whole files in and out, and nothing half written.

It is on the start path of `route`, so it knows `os` and nothing bigger, not even contextlib.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from itertools import islice

from conductor.errors import OutsideError, SourceError, UsageError

SETTINGS = "conductor.toml"
PRIVATE = ".conductor"  # what is ours alone, ignored by git
BUNDLE = f"{PRIVATE}/bundle.json"
MAX_BYTES = 20_000_000  # of one file that is read whole

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_INSTALLED = os.path.join(_PACKAGE, "_data")  # there in a wheel only


def packaged() -> str:
    """Find the packaged workspace: in the wheel, or the repository of an editable install."""
    if os.path.isdir(_INSTALLED):
        return _INSTALLED
    return os.path.dirname(os.path.dirname(_PACKAGE))


def installed(root: str) -> bool:
    """Tell the workspace inside an installed wheel from every other."""
    return root == _INSTALLED


def find_workspace(start: str) -> str | None:
    """Walk up from `start` to the nearest folder with a conductor.toml; None without one.

    Raises UsageError when `start` is no folder.
    """
    folder = os.path.abspath(start)
    if not os.path.isdir(folder):
        raise UsageError(f"there is no folder `{start}`", hint="look at what follows `-C`")
    while not os.path.isfile(os.path.join(folder, SETTINGS)):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


def within_repository(root: str) -> str:
    """Give a workspace's path within the repository around it; empty at its top or without one."""
    folder = root
    while not os.path.lexists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return ""
        folder = parent
    below = os.path.relpath(root, folder).replace(os.sep, "/")
    return "" if below == "." else below


def read_text(path: str) -> str:
    """Read a UTF-8 file whole; raises SourceError when it is missing, too big or no text."""
    try:
        with open(path, "rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise SourceError(f"cannot read the file: {_reason(error)}", at=path) from error
    return decoded(data, path)


def decoded(data: bytes, name: str) -> str:
    """Read bytes as UTF-8 text; `name` is what the error blames. Raises SourceError."""
    if len(data) > MAX_BYTES:
        hint = f"up to {MAX_BYTES // 1_000_000} MB are read"
        raise SourceError("the input is too big", at=name, hint=hint)
    try:
        return data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError(
            "the input is not UTF-8 text", at=f"{name}:{line}", hint="save it as UTF-8"
        ) from error


def read_stdin() -> str:
    """Read standard input whole, as `read_text` reads a file."""
    return decoded(sys.stdin.buffer.read(MAX_BYTES + 1), "standard input")


def read_lines(path: str) -> Iterator[bytes]:
    """Give the lines of a file of any size, or of standard input for `-`, without their ends."""
    if path == "-":
        yield from (line.rstrip(b"\n") for line in sys.stdin.buffer)
        return
    try:
        with open(path, "rb") as stream:
            yield from (line.rstrip(b"\n") for line in stream)
    except OSError as error:
        raise SourceError(f"cannot read the file: {_reason(error)}", at=path) from error


def read_end(path: str, most: int) -> bytes:
    """Read the last bytes of a file; nothing where there is none. The first line may be cut."""
    try:
        with open(path, "rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - most))
            return file.read(most)
    except OSError:
        return b""


def read_if_there(path: str) -> str | None:
    """Read a file whole; None when there is none."""
    return read_text(path) if os.path.lexists(path) else None


def read_tree(root: str, folder: str) -> dict[str, str]:
    """Read every file below `root/folder`: relative path with forward slashes -> text.

    Links, hidden files and Python's caches are passed over.
    """
    return {path: read_text(entry.path) for path, entry in _regular(root, folder)}


def stamps(root: str, folder: str) -> dict[str, str]:
    """Tell for every file below `root/folder` what changes when it does: its time and size."""
    found = ((path, entry.stat()) for path, entry in _regular(root, folder))
    return {path: f"{status.st_mtime_ns}:{status.st_size}" for path, status in found}


def _regular(root: str, folder: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    return (one for one in _entries(root, folder) if one[1].is_file(follow_symlinks=False))


def _entries(root: str, folder: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Give files with their paths below `root`: those of a folder first, then its folders'.

    What the listing of a folder says already is asked of no file again: a thousand of them count.
    """
    try:
        with os.scandir(os.path.join(root, folder)) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError:
        return  # as if it were empty
    before = "" if folder == "." else f"{folder}/"
    seen = [entry for entry in entries if entry.name[0] != "."]
    yield from ((before + entry.name, entry) for entry in seen if not _is_folder(entry))
    for entry in seen:
        if entry.is_dir(follow_symlinks=False) and entry.name != "__pycache__":
            yield from _entries(root, before + entry.name)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def list_files(root: str, folder: str, *, limit: int = 100_000) -> list[str]:
    """List the files below `root/folder`, relative to `root`, also links; hidden ones left out."""
    return [path for path, _ in islice(_entries(root, folder), limit)]


def write_atomically(path: str, text: str, *, like: str = "") -> None:
    """Replace a file so that readers see the old or the new text, also after a power cut.

    It has the mode of the file in its place, or of the file `like`.
    """
    folder, name = os.path.split(path)
    temporary = os.path.join(folder, f".{name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        os.makedirs(folder or ".", exist_ok=True)
        try:
            mode = _mode(like or path)
            # Nobody may read it before it is as narrow as the old one.
            flags, first = os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else 0o600
            descriptor = os.open(temporary, flags, first)
            with open(descriptor, "w", encoding="utf-8", newline="\n") as stream:
                if mode is not None:
                    os.chmod(temporary, mode)
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, path)
        except BaseException:
            _unlink(temporary)
            raise
    except OSError as error:
        raise _unwritable(path, error) from error


def _mode(path: str) -> int | None:
    """Tell who may read, write and execute a file; None without one."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return stat.S_IMODE(status.st_mode) if stat.S_ISREG(status.st_mode) else None


def append_line(path: str, line: str, *, durable: bool = False) -> None:
    """Append one line, or several, in a single write; a durable one is on the disk then."""
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, f"{line}\n".encode())
            if durable:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _unwritable(path, error) from error


def delete(path: str) -> None:
    try:
        _unlink(path)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unlink(path: str) -> None:
    try:  # noqa: SIM105 - without contextlib
        os.unlink(path)
    except FileNotFoundError:
        pass


def changed_at(path: str) -> int:
    """Give the time of the last change in nanoseconds; 0 when the path is not there."""
    try:
        return os.stat(path).st_mtime_ns
    except (OSError, ValueError):  # no file has a NUL in its name
        return 0


def _unwritable(path: str, error: OSError) -> OutsideError:
    return OutsideError(f"cannot write the file: {_reason(error)}", at=path)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
