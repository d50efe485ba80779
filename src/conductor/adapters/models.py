"""Model servers that others run: whether one is there, and which models it has."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import OpenerDirector, ProxyHandler, Request, build_opener

from conductor.core.capability import Model, size_of
from conductor.errors import OutsideError

# Where these servers listen when nobody changed it.
USUAL: Mapping[str, str] = {
    "Ollama": "http://127.0.0.1:11434/v1",
    "llama.cpp": "http://127.0.0.1:8080/v1",
    "LM Studio": "http://127.0.0.1:1234/v1",
}
_SECONDS = 2.0
_PULL_SECONDS = 120.0  # without a word from the server
_BYTES = 1_000_000
_LINE = 65_536
_GIGA = 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """What an OpenAI-compatible server says about itself; `problem` is empty when it answers."""

    base_url: str
    models: tuple[str, ...]
    problem: str = ""


def probe(base_url: str) -> Server:
    """List the models of a server. Nothing is sent but the question."""
    if not base_url.startswith(("http://", "https://")):
        return Server(base_url=base_url, models=(), problem="this is no address of a server")
    try:
        document = _get(f"{base_url.rstrip('/')}/models")
        models = tuple(str(model["id"]) for model in document["data"])
    except (URLError, HTTPException, OSError) as error:
        return Server(base_url=base_url, models=(), problem=f"no answer ({_reason(error)})")
    except (ValueError, KeyError, TypeError):
        return Server(base_url=base_url, models=(), problem="the answer is not a list of models")
    return Server(base_url=base_url, models=models)


def installed(server: Server) -> tuple[Model, ...]:
    """Describe a server's models: in full where it is an Ollama, else from their names."""
    try:
        document = _get(f"{_root(server.base_url)}/api/tags")
        details = {str(one["name"]): one for one in document["models"]}
    except (URLError, HTTPException, OSError, ValueError, KeyError, TypeError):
        details = {}
    return tuple(_model(name, server.base_url, details.get(name, {})) for name in server.models)


def pull(base_url: str, model: str, on_progress: Callable[[str, int, int], None]) -> None:
    """Have an Ollama fetch a model; resumes what was interrupted. Raises OutsideError.

    `on_progress` takes the step in the server's words, and the bytes done and in all (0: unknown).
    """
    body = json.dumps({"model": model}).encode()
    request = Request(  # noqa: S310 - an address that `probe` has answered for
        f"{_root(base_url)}/api/pull", data=body, headers={"Content-Type": "application/json"}
    )
    done = False
    try:
        with _opener().open(request, timeout=_PULL_SECONDS) as answer:
            while line := answer.readline(_LINE):
                step: Any = json.loads(line)
                if problem := step.get("error"):
                    raise OutsideError(f"the server cannot fetch `{model}`: {problem}")
                done = step["status"] == "success"
                on_progress(step["status"], step.get("completed", 0), step.get("total", 0))
    except HTTPError as error:
        hint = "models are fetched by an Ollama; other servers get theirs by other ways"
        raise OutsideError(f"the server cannot fetch models ({error.code})", hint=hint) from error
    except (URLError, HTTPException, OSError) as error:
        raise OutsideError(f"the server broke off ({_reason(error)})", hint="try again") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise OutsideError("the server's answer cannot be read") from error
    if not done:
        raise OutsideError(f"the server did not finish fetching `{model}`", hint="try again")


def _model(name: str, base_url: str, details: Mapping[str, Any]) -> Model:
    more = details.get("details")
    told = str(more.get("parameter_size", "")) if isinstance(more, Mapping) else ""
    size, digest = details.get("size"), str(details.get("digest") or "")
    return Model(
        name=name,
        base_url=base_url,
        billion=size_of(told.lower()) or size_of(name),
        gigabytes=size / _GIGA if isinstance(size, int) and size > 0 else None,
        digest=f"sha256:{digest.removeprefix('sha256:')}" if digest else "",
        remote=bool(details.get("remote_host") or details.get("remote_model")),
    )


def _get(url: str) -> Any:
    request = Request(url)  # noqa: S310 - checked just below
    if request.type not in ("http", "https"):
        raise URLError("the address is not http")
    with _opener().open(request, timeout=_SECONDS) as answer:
        return json.loads(answer.read(_BYTES))


def _opener() -> OpenerDirector:
    return build_opener(ProxyHandler({}))  # a proxy has no business between us and localhost


def _root(base_url: str) -> str:
    return base_url.rstrip("/").removesuffix("/v1")


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    return str(getattr(reason, "strerror", None) or reason).lower()
