"""Bringing the evidence snapshot up to date after a run or an evaluation."""

from __future__ import annotations

import json

from conductor.adapters import files
from conductor.app.project import Project
from conductor.app.standings import EVIDENCE
from conductor.core.evidence import snapshot, weigh


def refresh_evidence(project: Project) -> None:
    """Rewrite the snapshot from the ledger."""
    evidence = weigh(project.ledger.runs(), project.ledger.evaluations())
    text = json.dumps(snapshot(evidence), indent=1) + "\n"
    files.write_atomically(project.path(EVIDENCE), text)
