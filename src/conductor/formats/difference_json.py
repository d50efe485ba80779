"""A comparison of two policies as a JSON value; later versions only add keys."""

from __future__ import annotations

from conductor.core.changes import Change
from conductor.core.comparison import Comparison
from conductor.core.difference import Flip
from conductor.core.evaluation import Verdict
from conductor.core.replay import Replay, Tasks


def document(found: Comparison) -> dict[str, object]:
    """Give the object of `--json`."""
    return {
        "old_revision": found.old_revision,
        "new_revision": found.new_revision,
        "riskier": bool(found.riskier),
        "flips": [_flip_json(flip, found.replay) for flip in found.flips],
        "changes": [_change_json(change) for change in found.changes],
        "derivation": [_change_json(change) for change in found.derivation],
        "ensembles": [
            {
                "name": one.name,
                "change": one.what,
                "changes": [_change_json(change) for change in one.changes],
            }
            for one in found.ensembles
        ],
        "replay": _replay_json(found),
    }


def _flip_json(flip: Flip, replay: Replay | None) -> dict[str, object]:
    return {
        "old_rule": flip.old_rule or None,
        "old_outcome": flip.old_outcome,
        "new_rule": flip.new_rule or None,
        "new_outcome": flip.new_outcome,
        "riskier": flip.riskier,
        "share_percent": flip.share,
        "expected_percent": flip.expected,
        "witness": flip.witness,
        "boxes": list(flip.boxes),
        "logged": _tasks_json(replay.of(flip)) if replay else None,
    }


def _replay_json(found: Comparison) -> dict[str, object] | None:
    replay = found.replay
    if replay is None:
        return None
    return {
        "decided": replay.decided,
        "incompatible": replay.incompatible,
        "moved": _tasks_json(replay.total(found.flips)),
        "riskier": _tasks_json(replay.total(found.riskier)),
    }


def _tasks_json(tasks: Tasks) -> dict[str, object]:
    return {"tasks": tasks.count, **{str(one): tasks.verdicts[one] for one in Verdict}}


def _change_json(change: Change) -> dict[str, object]:
    return {
        "path": change.path,
        "old": change.old,
        "new": change.new,
        "tends": change.tends or None,
    }
