"""The door to git: our own bare mirrors, driven through GitPython; see ADR 25."""

from conductor.adapters.git.mirror import Entry, Mirror, open_mirror
from conductor.adapters.git.source import repository_around

__all__ = ["Entry", "Mirror", "open_mirror", "repository_around"]
