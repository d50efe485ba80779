"""Bringing the evidence snapshot up to date after a run or an evaluation."""

from __future__ import annotations

import json

from conductor.adapters import files
from conductor.app.project import Project
from conductor.app.standings import EVIDENCE
from conductor.core.evidence import Evidence, newest_forms, snapshot, weigh
from conductor.core.ports import Ledger


def refresh_evidence(project: Project) -> None:
    """Rewrite the snapshot from the ledger."""
    text = json.dumps(snapshot(weighed(project.ledger)), indent=1) + "\n"
    files.write_atomically(project.path(EVIDENCE), text)


def weighed(ledger: Ledger) -> tuple[Evidence, ...]:
    """Weigh what the ledger knows about the newest form of each ensemble."""
    usage = ledger.usage()
    forms = [form.bound_digest for form in newest_forms(usage)]
    return weigh(usage, ledger.tallies(forms))
