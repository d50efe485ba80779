"""Patterns for files: `notes/*.md`, `src/**/*.py`."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from pathlib import Path

from conductor.errors import UsageError


def expanded(paths: Sequence[str]) -> list[str]:
    """Give the files that each pattern stands for, sorted, each once; a name stays as it is.

    Raises UsageError for a pattern that no file has.
    """
    return list(dict.fromkeys(path for pattern in paths for path in _files(pattern)))


def _files(pattern: str) -> Iterator[str]:
    if Path(pattern).exists() or not glob.has_magic(pattern):
        yield pattern
        return
    # `Path.glob` wants the folder apart from the pattern, and gives hidden files.
    matching = glob.iglob(pattern, recursive=True)  # noqa: PTH207
    found = sorted(path for path in matching if Path(path).is_file())
    if not found:
        raise UsageError(f"no file is called `{pattern}`", hint="quote a pattern, and look at it")
    yield from found
