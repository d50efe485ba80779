"""The model server as a context: up when it is entered, gone when it is left, however that is."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import IO

from conductor.adapters.embedded.model import EmbeddedModel
from conductor.errors import OutsideError, TimeLimitReached

INSTALL = "pip install 'llm-conductor[embedded]'"
_READY_SECONDS = 60.0
_STOP_SECONDS = 5.0
_TAIL_LINES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A model server that is up."""

    base_url: str  # ends in /v1
    model: str
    model_digest: str
    pid: int


def installed() -> bool:
    """Tell whether the server's library is there, without loading it."""
    return find_spec("xllamacpp") is not None


@contextmanager
def serve(model: EmbeddedModel) -> Iterator[Served]:
    """Serve a model on a free port of this machine; raises OutsideError when that fails."""
    if not installed():
        raise OutsideError("the embedded model server is not installed", hint=INSTALL)
    with tempfile.TemporaryFile() as log:
        child = _start(model, log)
        try:
            address = _address(child, log)
            yield Served(
                base_url=f"{address}/v1",
                model=model.name,
                model_digest=model.digest,
                pid=child.pid,
            )
        finally:
            _stop(child)


def _start(model: EmbeddedModel, log: IO[bytes]) -> subprocess.Popen[str]:
    # A prefix nobody can guess stands in for a key: the engine's look at /models sends none.
    wish = {"path": str(model.path), "name": model.name, "prefix": f"/{secrets.token_urlsafe(18)}"}
    child = subprocess.Popen(
        [sys.executable, "-m", "conductor.adapters.embedded.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        start_new_session=True,  # Ctrl-C is ours to handle: the child follows its stdin
    )
    if child.stdin is not None:
        child.stdin.write(json.dumps(wish) + "\n")
        child.stdin.flush()
    return child


def _address(child: subprocess.Popen[str], log: IO[bytes]) -> str:
    """Wait for the one line that says where the server listens."""
    lines: list[str] = []

    def read() -> None:
        if child.stdout is not None:
            lines.append(child.stdout.readline())

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    reader.join(_READY_SECONDS)
    if not lines:
        raise TimeLimitReached(
            f"the model server was not ready after {_READY_SECONDS:.0f} s",
            hint="is the machine busy? try again",
        )
    try:
        return str(json.loads(lines[0])["address"])
    except (ValueError, KeyError, TypeError) as error:
        child.wait(_STOP_SECONDS)
        raise OutsideError(
            f"the model server did not start: {_tail(log)}",
            hint="look at `conductor doctor`",
        ) from error


def _stop(child: subprocess.Popen[str]) -> None:
    """Close its stdin, and be less polite the longer it takes. It has no state to lose."""
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()
    for insist in (child.terminate, child.kill):
        try:
            child.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            insist()
    child.wait()


def _tail(log: IO[bytes]) -> str:
    log.seek(0)
    lines = [line.strip() for line in log.read().decode(errors="replace").splitlines()]
    return "; ".join([line for line in lines if line][-_TAIL_LINES:]) or "it gave no reason"
