"""The evidence snapshot: what `route` and `run` know about ensembles without opening the ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from conductor.adapters import files
from conductor.core.delegation import Measured
from conductor.core.standing import Standing, Standings

EVIDENCE = f"{files.PRIVATE}/evidence.json"


def read_standings(root: str, say: Callable[[str], None]) -> Standings:
    """Read the snapshot; without one, or with a damaged one, no evidence counts."""
    text = files.read_if_there(f"{root}/{EVIDENCE}")
    if text is None:
        return {}
    try:
        return {name: _whole(entry) for name, entry in json.loads(text)["ensembles"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        say(f"{EVIDENCE} is damaged: no evidence counts until the next evaluation")
        return {}


def _whole(entry: Mapping[str, object]) -> Standing:
    digest, types = str(entry["text_digest"]), entry.get("tasks") or {}
    if not isinstance(types, dict):
        raise TypeError("evidence by task type is an object")
    return _standing(
        entry,
        digest,
        by_task={task: _standing(one, digest, task) for task, one in types.items()},
        measured=_measured(entry.get("measured")),
    )


def _measured(found: object) -> Measured | None:
    """Read what uses came to; None where an older version wrote the snapshot."""
    if not isinstance(found, dict):
        return None
    return Measured(**{name: int(amount) for name, amount in found.items()})


def _standing(
    entry: Mapping[str, object],
    digest: str,
    task: str = "",
    by_task: Mapping[str, Standing] | None = None,
    measured: Measured | None = None,
) -> Standing:
    uses, percent, lower = (entry[name] for name in ("uses", "acceptance_percent", "lower_percent"))
    if not (isinstance(uses, int) and isinstance(percent, int) and isinstance(lower, int)):
        raise TypeError("a standing holds whole numbers")
    return Standing(digest, uses, percent, lower, task=task, by_task=by_task, measured=measured)


def read_stages(root: str) -> dict[str, tuple[str, str]]:
    """Give the state of each ensemble and its reason, as after the last run; none when unknown."""
    text = files.read_if_there(f"{root}/{EVIDENCE}")
    try:
        rows = json.loads(text or "{}").get("ensembles", {})
        return {name: (str(row["state"]), str(row["reason"])) for name, row in rows.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}  # damaged, or written by an older version: the next run rewrites it
