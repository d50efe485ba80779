"""Who signed a commit, by a list of people that a library keeps; verified offline."""

from __future__ import annotations

import re
import tempfile

from conductor.adapters.git.mirror import Mirror
from conductor.adapters.git.process import run

ALLOWED = "allowed_signers"  # in a library: the form of `ssh-keygen`
_GOOD = re.compile(r'Good "git" signature for (\S+) with')


def signature_of(mirror: Mirror, commit: str, allowed: bytes) -> str:
    """Say in words who signed a commit; `allowed` lists the people whose signature counts.

    Only SSH signatures are looked at: for others git would start a program of its own choice.
    """
    header = run(mirror.folder, ["cat-file", "commit", commit]).output.partition(b"\n\n")[0]
    if b"\ngpgsig" not in header:
        return "not signed"
    if b"-----BEGIN SSH SIGNATURE-----" in header and allowed:
        with tempfile.NamedTemporaryFile() as listed:
            listed.write(allowed)
            listed.flush()
            setting = f"gpg.ssh.allowedSignersFile={listed.name}"
            answer = run(mirror.folder, ["-c", setting, "verify-commit", commit])
        found = _GOOD.search(answer.errors)
        if not answer.status and found:
            return f"signed by {found[1]}"
    return "signed by nobody that the library lists"
