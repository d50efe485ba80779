"""Files of JSON lines: results that grow durably one by one, and files that are written whole."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress

from conductor.errors import OutsideError

_FOR_ITS_OWNER = 0o600  # outputs may be private


class Results:
    """Raises OutsideError when the file cannot be read or written."""

    def __init__(self, path: str) -> None:
        self.path = path

    def lines(self) -> Iterator[bytes]:
        """Give the lines so far; the last one may be torn."""
        try:
            with open(self.path, "rb") as stream:  # noqa: PTH123 - a path as the person gave it
                yield from stream
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._refused(error) from error

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes away; raises OutsideError when one is at work on it already."""
        import fcntl  # not on Windows: there it is needed for batches only

        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, _FOR_ITS_OWNER)
        except OSError as error:
            raise self._refused(error) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise OutsideError(
                "another process is at work on this batch",
                at=self.path,
                hint="wait for it, or name another file with `--results`",
            ) from error
        finally:
            os.close(descriptor)

    def add(self, document: Mapping[str, object]) -> None:
        """Append a line; it is on the disk when the call returns."""
        line = f"{json.dumps(document, ensure_ascii=False)}\n".encode()
        try:
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
            descriptor = os.open(self.path, flags, _FOR_ITS_OWNER)
            try:
                os.write(descriptor, _rest_of_line(descriptor) + line)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise self._refused(error) from error

    def _refused(self, error: OSError) -> OutsideError:
        reason = (error.strerror or str(error)).lower()
        return OutsideError(f"cannot use the file of results: {reason}", at=self.path)


def write_lines(path: str, lines: Iterable[str]) -> int:
    """Replace a file by these lines, all or none; gives how many. Private to its owner."""
    temporary = f"{path}.{os.getpid()}.{os.urandom(4).hex()}"
    count = 0
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FOR_ITS_OWNER)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
                for count, line in enumerate(lines, 1):  # noqa: B007 - counted on the way
                    stream.write(f"{line}\n")
                stream.flush()
                os.fsync(descriptor)
            os.replace(temporary, path)  # noqa: PTH105 - a path as the person gave it
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108 - as above
            raise
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutsideError(f"cannot write the file: {reason}", at=path) from error
    return count


def _rest_of_line(descriptor: int) -> bytes:
    """End the line that a crash cut short, so that the next one stands by itself."""
    size = os.fstat(descriptor).st_size
    return b"\n" if size and os.pread(descriptor, 1, size - 1) != b"\n" else b""
