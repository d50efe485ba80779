"""A person's signature over a plan, by ssh-keygen."""

from __future__ import annotations

import subprocess
from pathlib import Path

from conductor.adapters import homes


def new_key(path: Path) -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    return path


def trust(key: Path) -> None:
    """List the key as the one of a person whose signature counts."""
    allowed = Path(homes.config(), "allowed_signers")
    allowed.parent.mkdir(parents=True, exist_ok=True)
    allowed.write_text(f"ada@example.org {key.with_suffix('.pub').read_text()}")


def sign(key: Path, plan: Path, namespace: str = "conductor-plan") -> Path:
    words = ["ssh-keygen", "-Y", "sign", "-q", "-n", namespace, "-f", str(key), str(plan)]
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)
    return Path(f"{plan}.sig")
