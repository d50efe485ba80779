"""Real git repositories for tests, driven by git itself and not by our own door."""

from __future__ import annotations

import subprocess
from pathlib import Path

_IDENTITY = [
    "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false",
    "-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main",
]  # fmt: skip


def git(*arguments: str, cwd: Path) -> str:
    """Run git as a person would; raises when it fails."""
    done = subprocess.run(
        ["git", *_IDENTITY, *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def repository(folder: Path, *versions: dict[str, str | bytes]) -> Path:
    """Make a repository with one commit for each version of its files."""
    folder.mkdir(parents=True, exist_ok=True)
    git("init", "--quiet", cwd=folder)
    for number, version in enumerate(versions, 1):
        commit(folder, version, f"version {number}")
    return folder


def commit(folder: Path, texts: dict[str, str | bytes], message: str) -> str:
    """Write the files, commit everything; gives the commit's id."""
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text if isinstance(text, bytes) else text.encode())
    git("add", "--all", cwd=folder)
    git("commit", "--quiet", "--allow-empty", "-m", message, cwd=folder)
    return git("rev-parse", "HEAD", cwd=folder).strip()
