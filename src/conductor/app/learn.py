"""`learn`: what the ledger speaks for. Only `apply` writes, and only after a yes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from conductor.app import edits
from conductor.app.diff import compare_draft
from conductor.app.labels import labels_of
from conductor.app.log import lines_of
from conductor.app.mined import mined
from conductor.app.project import Project
from conductor.app.proposals import Proposer
from conductor.app.proposed_judges import trustworthy
from conductor.core.insights import Insight, insights
from conductor.core.proposal import Edit, Proposal
from conductor.errors import ConductorError, UsageError

NEWEST = 20_000  # decisions that are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    revision: str
    decisions: int  # that were looked at
    judged: int  # of them
    proposals: tuple[Proposal, ...]
    insights: tuple[Insight, ...]


def learn(project: Project, labels: str = "") -> Learned:
    """Look at everything; takes the logged decisions into the ledger on the way.

    `labels` is a file of labelled texts, of which nothing is kept. Raises SourceError for another.
    """
    project.ledger.ingest_decisions(lines_of(project.root))
    pasts = project.ledger.pasts(NEWEST)
    told = insights(project.policy, pasts, project.judging.proposals)
    proposer = Proposer(project, pasts)
    return Learned(
        revision=project.judging.revision,
        decisions=len(pasts),
        judged=sum(bool(past.verdicts) for past in pasts),
        proposals=(
            *proposer.thresholds(),
            *proposer.signals(told),
            *(mined(project, proposer.writable, labels_of(labels)) if labels else ()),
            *proposer.retired(),
            *proposer.fine_tuning(),
            *trustworthy(project, proposer.writable),
        ),
        insights=told,
    )


def find(learned: Learned, name: str) -> Proposal:
    """Find a proposal by its id or a beginning of it; raises UsageError."""
    found = [one for one in learned.proposals if name and one.id.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"several proposals begin with `{name}`", hint="write more of the id")
    raise UsageError(
        f"there is no proposal `{name}` now",
        hint="the policy or the evidence may have changed: `conductor learn` lists what there is",
    )


def with_comparison(project: Project, proposal: Proposal) -> Proposal:
    """Work out what an edit would mean; one that does not compile gets its obstacle instead."""
    if proposal.edit is None:
        return proposal
    try:
        drafts = {proposal.edit.file: proposal.edit.new}
        return replace(proposal, comparison=compare_draft(project.root, drafts))
    except ConductorError as error:
        return replace(proposal, obstacle=f"the policy would not compile: {error.message}")


def applicable(proposal: Proposal) -> Edit:
    """Give what would be written; raises UsageError when there is nothing or it cannot be."""
    if proposal.edit is None or proposal.obstacle:
        raise UsageError(
            f"proposal `{proposal.id}` cannot be applied: "
            + (proposal.obstacle or "it is a question to you, and there is nothing to write"),
            hint=f"see `conductor learn show {proposal.id}`",
        )
    return proposal.edit


def apply(project: Project, proposal: Proposal) -> str:
    """Write the policy file and remember the yes; gives the file.

    Raises UsageError for what cannot be written, OutsideError when the file changed meanwhile.
    """
    edit = applicable(proposal)
    return edits.write(project, edit, subject="proposal", digest=proposal.digest)
