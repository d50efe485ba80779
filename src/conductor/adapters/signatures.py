"""The door to `ssh-keygen -Y`: whether a person signed something, with a key that they listed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from conductor.errors import OutsideError, UsageError

_SECONDS = 30


def signer(data: bytes, signature: str, *, namespace: str, allowed: str) -> str:
    """Name who signed `data`, out of the file `allowed`; raises UsageError when nobody did."""
    if not Path(allowed).is_file():
        raise UsageError(
            "there is nobody whose signature counts",
            at=allowed,
            hint="list them as ssh-keygen does: `ada@example.org ssh-ed25519 AAAA…`",
        )
    found = _keygen("find-principals", ["-s", signature, "-f", allowed])
    names = found.stdout.decode("utf-8", "replace").split()
    if found.returncode or not names:
        raise UsageError("nobody who is listed signed this plan", at=signature)
    checked = _keygen(
        "verify", ["-f", allowed, "-I", names[0], "-n", namespace, "-s", signature], data
    )
    if checked.returncode:
        raise UsageError("the signature is not of this plan", at=signature)
    return names[0]


def _keygen(
    action: str, arguments: list[str], data: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    command = ["ssh-keygen", "-Y", action, *arguments]
    try:
        return subprocess.run(  # noqa: S603 - a literal list of arguments
            command, input=data, capture_output=True, timeout=_SECONDS, check=False, env=os.environ
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        hint = "install the OpenSSH client"
        raise OutsideError("ssh-keygen cannot be started", hint=hint) from error
