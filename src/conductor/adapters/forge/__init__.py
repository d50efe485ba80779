"""The door to a forge: GitHub's interface, through `gh` or with a token from the environment."""

from conductor.adapters.forge.github import GitHub
from conductor.adapters.forge.transport import find_gh, find_rest

__all__ = ["GitHub", "find_gh", "find_rest"]
