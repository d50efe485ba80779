"""Where a contribution differs from what it claims. Nothing is trusted that can be found again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from conductor.core.claim import Claim
from conductor.core.closure import Gap
from conductor.core.finding import Finding, Level, Place
from conductor.core.gates import Counted
from conductor.core.promotion import Gate
from conductor.core.statement import interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One ensemble of a library, as it is."""

    name: str
    path: str
    text_digest: str
    gaps: tuple[Gap, ...]
    files: Mapping[str, str]  # of its closure: path -> digest
    evidence: str  # where the statement for this content belongs
    others: tuple[str, ...] = ()  # statements about other content of it
    waived: tuple[str, ...] = ()  # codes that lint finds waived now


def missing(seen: Seen) -> Finding:
    """Say that nobody vouches for this content."""
    told = f"; what is there is about other content: `{seen.others[-1]}`" if seen.others else ""
    return Finding(
        name="no-evidence",
        message=f"`{seen.name}` has no evidence for its present content{told}",
        at=Place(seen.path),
        hint="promote it with conductor, which writes the record with the commit",
    )


def incomplete(seen: Seen) -> Iterator[Finding]:
    """Name what an ensemble needs and the library lacks."""
    for gap in seen.gaps:
        yield Finding(
            name="incomplete-closure",
            message=f"`{gap.wanted_by}` needs the {gap.kind} `{gap.name}`, which is not there",
            at=Place(seen.path),
            hint="add it to the contribution",
        )


def unreadable(path: str, reason: str) -> Finding:
    return Finding(
        name="unreadable-evidence",
        message=f"the evidence cannot be read: {reason}",
        at=Place(path),
        hint="write it anew with `conductor promote`",
    )


def unfit_status(path: str, message: str) -> Finding:
    return Finding(
        name="unfit-status",
        message=message,
        at=Place(path),
        hint="write it with `conductor demote --deprecate`, or take it out",
    )


def differences(seen: Seen, claim: Claim, gate: Gate, policy: str) -> Iterator[Finding]:
    """Hold an ensemble against the statement about it; `policy` is the digest of the terms here."""
    yield from _content(seen, claim)
    yield from _counts(seen, claim, gate)
    for code in sorted(set(seen.waived) - set(claim.waived)):
        yield Finding(
            name="waiver-not-told",
            message=f"a finding of {code} is waived, and the evidence does not say so",
            at=Place(seen.path),
            hint="judge the waiver; `conductor lint --tier library` shows its reason",
        )
    if claim.policy != policy:
        yield Finding(
            name="other-policy",
            message=f"it was judged under policy {claim.policy[:19]}, and {policy[:19]} holds here",
            at=Place(seen.evidence),
            level=Level.NOTE,
            hint="what differs in the verdicts is said by itself",
        )


def _content(seen: Seen, claim: Claim) -> Iterator[Finding]:
    if (claim.ensemble, claim.text_digest) != (seen.name, seen.text_digest):
        yield Finding(
            name="other-content",
            message=f"the evidence is about `{claim.ensemble}` with another closure",
            at=Place(seen.evidence),
            hint=f"the closure here is {seen.text_digest}",
        )
    for path in sorted(claim.files.keys() | seen.files.keys()):
        claimed, there = claim.files.get(path), seen.files.get(path)
        if claimed != there:
            what = "is not in the closure" if there is None else "is not what was judged"
            if claimed is None:
                what = "was not judged"
            yield Finding(
                name="other-bytes",
                message=f"`{path}` {what}",
                at=Place(path if there else seen.evidence),
                hint="promote it again, so that the evidence names these bytes",
            )


def _counts(seen: Seen, claim: Claim, gate: Gate) -> Iterator[Finding]:
    counted = Counted(good=claim.good, acceptable=claim.acceptable, poor=claim.poor)
    if claim.interval != interval(counted) or claim.inputs > claim.good:
        yield Finding(
            name="impossible-evidence",
            message="the counts of the evidence do not fit together",
            at=Place(seen.evidence),
            hint="write it anew with `conductor promote`",
        )
    short = [
        f"{claimed} of {asked} {what}"
        for claimed, asked, what in (
            (claim.good, gate.good, "good"),
            (claim.inputs, gate.distinct_inputs, "different inputs"),
        )
        if claimed < asked
    ]
    if short:
        yield Finding(
            name="too-little-evidence",
            message=f"the evidence has {', '.join(short)}",
            at=Place(seen.evidence),
            hint="use it more, and have it judged",
        )


def told_by_the_commit(
    trailers: Mapping[str, str], seen: Mapping[str, Seen], statements: Mapping[str, str]
) -> Iterator[Finding]:
    """Hold the trailers of a commit against the tree; `statements` are digests by path."""
    path, _, digest = trailers.get("Conductor-Evidence", "").partition(" ")
    if not path:
        return
    if statements.get(path) != digest:
        yield Finding(
            name="other-evidence",
            message=f"the commit names evidence `{path}` with other bytes",
            at=Place(path if path in statements else "index.json"),
            hint="somebody changed it after the contribution was made",
        )
    closures = {one.text_digest for one in seen.values()}
    if trailers.get("Conductor-Closure") not in closures:
        yield Finding(
            name="other-closure",
            message="the commit names a closure that no changed ensemble has",
            at=Place(path),
            hint="somebody changed a file after the contribution was made",
        )
