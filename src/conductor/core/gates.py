"""The gates in front of a tier: each one alone says what it saw and what would change its mind.

Nothing here looks at files, clocks or servers: the same observations give the same answers.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from conductor.core.closure import Gap
from conductor.core.evaluation import Verdict
from conductor.core.promotion import Gate
from conductor.core.readiness import Answer, GateResult
from conductor.core.tier import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The evaluations of one ensemble, seen from its present form."""

    judge: str = ""  # whose verdicts these are; two judges are never added up
    good: int = 0
    acceptable: int = 0
    poor: int = 0
    inputs: int = 0  # different inputs among the good ones
    pending: int = 0  # runs of this form that wait to be judged
    older: tuple[tuple[int, str], ...] = ()  # good ones that no longer count, and why


def evaluations(name: str, gate: Gate, seen: Counted) -> GateResult:
    """Enough good evaluations of this very content, from enough different inputs."""
    judged = f"{seen.good} of {gate.good} good on this content"
    if gate.distinct_inputs > 1:
        judged += f", {seen.inputs} of {gate.distinct_inputs} different inputs"
    rest = [
        f"{count} {word}"
        for count, word in ((seen.acceptable, "acceptable"), (seen.poor, "poor"))
        if count
    ]
    told = [judged + (f" (and {', '.join(rest)})" if rest else "")]
    told += [f"{count} earlier good no longer count: {why}" for count, why in seen.older]
    missing = max(gate.good - seen.good, gate.distinct_inputs - seen.inputs)
    if missing <= 0:
        return GateResult(gate="evaluations", answer=Answer.PASS, seen="; ".join(told))
    fresh = max(0, gate.distinct_inputs - seen.inputs)
    change = f"{_times(missing)} more judged good"
    if fresh and gate.distinct_inputs > 1:
        change += f", {fresh} of them on an input that it has not had"
    command = (
        "conductor evaluate --pending"
        if seen.pending
        else f"conductor run {name} --input-file FILE"
    )
    return GateResult(
        gate="evaluations",
        answer=Answer.WAITING,
        seen="; ".join(told),
        change=change,
        command=command,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """What lint says at the level of the tier."""

    errors: tuple[str, ...] = ()  # each with its place, the worst first
    waived: tuple[str, ...] = ()  # each with its reason
    inconclusive: tuple[str, ...] = ()
    warnings: int = 0


def lint(file: str, tier: Tier, seen: Linted) -> GateResult:
    """No error at the tier's level; what is waived is shown.

    `file` is the very one that was judged: a name would mean the one that is committed.
    """
    command = f"conductor lint {shlex.quote(file)} --tier {tier}"
    if seen.errors:
        more = f" (and {len(seen.errors) - 1} more)" if len(seen.errors) > 1 else ""
        return GateResult(
            gate="lint",
            answer=Answer.ACT,
            seen=seen.errors[0] + more,
            change="mend it, or waive it with a reason",
            command=command,
        )
    if seen.inconclusive:
        told = seen.inconclusive[0]
        return GateResult(
            gate="lint",
            answer=Answer.INCONCLUSIVE,
            seen=told,
            change="give the rule what it needs to know",
            command=command,
        )
    told = "no errors" + (f", {seen.warnings} warnings" if seen.warnings else "")
    if seen.waived:
        told += "; waived: " + "; ".join(seen.waived)
        return GateResult(gate="lint", answer=Answer.WAIVED, seen=told)
    return GateResult(gate="lint", answer=Answer.PASS, seen=told)


def closure(files: int, gaps: Iterable[Gap], conflicts: Iterable[str]) -> GateResult:
    """Everything that it needs is there, and nothing at the destination is in the way."""
    if gap := next(iter(gaps), None):
        return GateResult(
            gate="closure",
            answer=Answer.ACT,
            seen=f"`{gap.wanted_by}` needs the {gap.kind} `{gap.name}`, which is not there",
            change="add it to the tier it is promoted from, or take the reference out",
        )
    if conflict := next(iter(conflicts), ""):
        return GateResult(
            gate="closure",
            answer=Answer.BLOCKED,
            seen=f"`{conflict}` is at the destination with other content",
            change="rename one of them, or bring the two together first",
            command="conductor ensembles list",
        )
    return GateResult(gate="closure", answer=Answer.PASS, seen=f"complete, {files} files")


def isolation(why_not: str | None) -> GateResult:
    """Load in an empty home. `why_not` is None when there was no engine to ask."""
    if why_not is None:
        return GateResult(
            gate="isolation",
            answer=Answer.INCONCLUSIVE,
            seen="there is no engine here to load it",
            change="install the engine",
            command="pip install 'llm-conductor[engine]'",
        )
    if why_not:
        return GateResult(
            gate="isolation",
            answer=Answer.ACT,
            seen=f"the engine refuses it in an empty home: {why_not}",
            change="make it load without what this project has",
        )
    return GateResult(
        gate="isolation", answer=Answer.PASS, seen="the engine loads it in an empty home"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """A recorded answer to policy/rubrics/generality.yaml."""

    judge: str
    verdict: Verdict
    reasoning: str
    failure_mode: str
    text_digest: str  # of the closure that was read


def assessment(
    name: str, gate: Gate, tier: Tier, text_digest: str, seen: Assessed | None
) -> GateResult:
    """Somebody read this content and said how general it is. It informs; alone it stops nothing."""
    command = f"conductor readiness {name} --to {tier} --assess"
    current = seen if seen and seen.text_digest == text_digest else None
    if current is None:
        told = "assessed, but the content has changed since" if seen else "not assessed"
        if not gate.assessment:
            return GateResult(gate="generality", answer=Answer.PASS, seen=f"{told}; not required")
        return GateResult(
            gate="generality",
            answer=Answer.ACT,
            seen=told,
            change="read it and answer the rubric `generality`, reasoning first",
            command=command,
        )
    mode = f" ({current.failure_mode})" if current.failure_mode else ""
    told = f"{current.verdict}{mode} by {current.judge}: {current.reasoning}"
    doubtful = current.verdict is Verdict.POOR
    answer = Answer.CONSENT if doubtful else Answer.PASS
    change = "mend what it names and assess again, or promote against it" if doubtful else ""
    return GateResult(
        gate="generality",
        answer=answer,
        seen=told,
        change=change,
        command=command if doubtful else "",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A profile with the model behind it here. Sizes are in billions; None: unknown."""

    profile: str
    model: str
    size: float | None
    limit: float


def models(sizes: Iterable[Size]) -> GateResult:
    """Evidence of a model that is bigger than its class says nothing about the class."""
    ordered = sorted(sizes, key=lambda one: one.profile)
    for one in ordered:
        if one.size is not None and one.size > one.limit:
            return GateResult(
                gate="models",
                answer=Answer.ACT,
                seen=f"`{one.profile}` goes up to {one.limit:g}B and runs on `{one.model}` here",
                change="bind it to a smaller model, then evaluate it again",
                command="conductor doctor",
            )
    for one in ordered:
        if one.size is None:
            named = f"the size of `{one.model}`" if one.model else "the model"
            return GateResult(
                gate="models",
                answer=Answer.INCONCLUSIVE,
                seen=f"{named} behind `{one.profile}` is not known",
                change="bind it to a model whose name says its size, such as `qwen3:4b`",
                command="conductor doctor",
            )
    shown = [f"{one.profile} on {one.model}" for one in ordered]
    return GateResult(
        gate="models", answer=Answer.PASS, seen=", ".join(shown) or "it uses no model"
    )


def consent() -> GateResult:
    """Leave the decision to the person, whatever everything else says."""
    return GateResult(gate="consent", answer=Answer.CONSENT, seen="the decision is yours")


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
