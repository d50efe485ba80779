"""Tombi, the TOML toolkit: its formatter, as a process that knows no settings of this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from conductor.errors import OutsideError

_SECONDS = 30
_INSTALL = "pip install 'llm-conductor[fmt]'"


def laid_out(text: str) -> str:
    """Give a TOML text in Tombi's own layout; raises OutsideError when it cannot."""
    command = _command()
    with tempfile.TemporaryDirectory() as nowhere:
        # Settings are looked for from the working folder upwards and in the home folder.
        Path(nowhere, "tombi.toml").write_text('toml-version = "v1.0.0"\n', encoding="utf-8")
        home = {"HOME": nowhere, "XDG_CONFIG_HOME": nowhere, "XDG_CACHE_HOME": nowhere}
        try:
            done = subprocess.run(  # noqa: S603 - the program that pip installed beside us
                [command, "format", "--offline", "--no-cache", "--quiet", "-"],
                input=text.encode(),
                capture_output=True,
                cwd=nowhere,
                env={**os.environ, **home, "NO_COLOR": "1"},
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise OutsideError(f"the TOML formatter did not answer: {error}") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise OutsideError(f"the TOML formatter failed: {said[-1] if said else done.returncode}")
    return done.stdout.decode()


def _command() -> str:
    beside = Path(sys.executable).parent
    if found := shutil.which("tombi", path=str(beside)) or shutil.which("tombi"):
        return found
    raise OutsideError("the TOML formatter is not installed", hint=f"`{_INSTALL}`")
