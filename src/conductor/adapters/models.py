"""Model servers that others run: whether one is there, and which models it has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

# Where these servers listen when nobody changed it.
USUAL: Mapping[str, str] = {
    "Ollama": "http://127.0.0.1:11434/v1",
    "llama.cpp": "http://127.0.0.1:8080/v1",
    "LM Studio": "http://127.0.0.1:1234/v1",
}
_SECONDS = 2.0
_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """What an OpenAI-compatible server says about itself; `problem` is empty when it answers."""

    base_url: str
    models: tuple[str, ...]
    problem: str = ""


def probe(base_url: str) -> Server:
    """List the models of a server. Nothing is sent but the question."""
    opener = build_opener(ProxyHandler({}))  # a proxy has no business between us and localhost
    try:
        request = Request(f"{base_url.rstrip('/')}/models")  # noqa: S310 - checked just below
        if request.type not in ("http", "https"):
            return Server(base_url=base_url, models=(), problem="the address is not http")
        with opener.open(request, timeout=_SECONDS) as answer:
            document: Any = json.loads(answer.read(_BYTES))
        models = tuple(str(model["id"]) for model in document["data"])
    except (URLError, HTTPException, OSError) as error:
        return Server(base_url=base_url, models=(), problem=f"no answer ({_reason(error)})")
    except (ValueError, KeyError, TypeError):
        return Server(base_url=base_url, models=(), problem="the answer is not a list of models")
    return Server(base_url=base_url, models=models)


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    return str(getattr(reason, "strerror", None) or reason).lower()
