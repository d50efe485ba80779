"""What the closures of past runs held, so that one can say which file made evidence lapse.

The ledger keeps digests; `.conductor/closures/` keeps, under each digest, the digests of the parts.
A file that is missing costs an explanation and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from conductor.adapters import files
from conductor.core.closure import Kind, Member

_FOLDER = f"{files.PRIVATE}/closures"


def remember(root: str, bound_digest: str, members: Iterable[Member]) -> None:
    """Write down the parts of a closure, once."""
    path = _path(root, bound_digest)
    if files.changed_at(path):
        return
    rows = [[str(one.kind), one.name, one.digest] for one in sorted(members)]
    files.write_atomically(path, json.dumps({"format": 1, "members": rows}) + "\n")


def recall(root: str, bound_digest: str) -> tuple[Member, ...]:
    """Give the parts of a closure that has run; empty when they are not known."""
    text = files.read_if_there(_path(root, bound_digest))
    try:
        rows = json.loads(text)["members"] if text else []
        return tuple(Member(Kind(kind), str(name), str(digest)) for kind, name, digest in rows)
    except (ValueError, KeyError, TypeError):
        return ()


def _path(root: str, bound_digest: str) -> str:
    return f"{root}/{_FOLDER}/{bound_digest.removeprefix('sha256:')}.json"
