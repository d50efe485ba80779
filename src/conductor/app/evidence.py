"""Bringing the evidence snapshot up to date after a run or an evaluation."""

from __future__ import annotations

import json
from collections.abc import Sequence

from conductor.adapters import files
from conductor.app.project import Project
from conductor.app.stages import since_drift
from conductor.app.standings import EVIDENCE
from conductor.core.entries import Transition
from conductor.core.evidence import Evidence, newest_forms, snapshot, weigh
from conductor.core.judged import Judged
from conductor.core.measuring import measured
from conductor.core.ports import Ledger
from conductor.core.usage import Usage


def refresh_evidence(project: Project) -> None:
    """Rewrite the snapshot from the ledger."""
    ledger = project.ledger
    usage = ledger.usage()
    judged = ledger.judged_tasks() if _several_types(usage) else ()
    found = weighed(ledger, usage, judged=tuple(judged))
    sampling = project.judging.sampling
    judging = ledger.judging([one.bound_digest for one in found])
    document = snapshot(found, sampling, measured(found, usage, judging, sampling))
    files.write_atomically(project.path(EVIDENCE), json.dumps(document, indent=1) + "\n")


def _several_types(usage: Sequence[Usage]) -> bool:
    """Tell whether a form did tasks of more than one type: only then is there more to know."""
    types = {(one.bound_digest, one.task) for one in usage}
    return len(types) > len({digest for digest, _ in types})


def weighed(
    ledger: Ledger, usage: Sequence[Usage] | None = None, *, judged: Sequence[Judged] = ()
) -> tuple[Evidence, ...]:
    """Weigh what the ledger knows about the newest form of each ensemble.

    `usage` spares reading it, where the caller has it already. `judged` are the verdicts by task
    type, for whom the types matter.
    """
    usage = ledger.usage() if usage is None else usage
    forms = {form.bound_digest for form in newest_forms(usage)}
    changes: dict[str, tuple[Transition, ...]] = {}
    for one in ledger.entries(Transition):
        digest = one.context.bound_digest
        if digest in forms:
            changes[digest] = (*changes.get(digest, ()), one)
    drifts = {
        digest: since for digest, found in changes.items() if (since := since_drift(ledger, found))
    }
    tallies = ledger.tallies(sorted(forms - drifts.keys()))
    return weigh(usage, tallies, drifts, judged)
