"""What the ledger remembers beside runs and judgements: complaints, assessments and consents."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What an entry was true of; a part that nobody knew or that does not apply is empty."""

    ensemble: str = ""
    text_digest: str = ""  # closure without bound models
    bound_digest: str = ""  # closure with bound models
    models: tuple[tuple[str, str], ...] = ()  # (profile, model), sorted
    engine: str = ""
    engine_version: str = ""
    revision: str = ""  # of the policy
    rubric_revision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """A person's word on a run: a complaint makes the run due."""

    id: str  # sorts by time, as in every entry
    at: str  # UTC, ISO 8601 with milliseconds, as in every entry
    context: Context
    run: str
    negative: bool
    note: str = ""  # digest of the words, kept as content; empty: none were given


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """A judgement of generality by Claude or a person, reasoning before the verdict."""

    id: str
    at: str
    context: Context
    tier: str  # the tier it was assessed for
    assessor: str  # `human`, `claude` or `local:<ensemble>`
    reasoning: str
    verdict: str
    detail: str = "{}"  # JSON object: the answers, criterion by criterion


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """One step of an ensemble between tiers, or of what became of a proposal."""

    id: str
    at: str
    context: Context
    act: str  # such as `applied`, `proposed`, `merged`, `demoted`
    from_tier: str
    to_tier: str
    plan: str  # digest of the plan that was carried out
    commit: str = ""
    place: str = ""  # branch, pull request or patch file
    detail: str = "{}"  # JSON object


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A person's yes or no to exactly one thing."""

    id: str
    at: str
    context: Context
    subject: str  # what was asked: `plan`, `demotion`, `script`, `proposal`, `export`, …
    digest: str  # of the very thing that was shown
    granted: bool
    way: str  # `terminal`, `signed by …` or `mcp …`, then what is known of client and user


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """An ensemble's form became established, or drifted and went back to calibration."""

    id: str
    at: str
    context: Context
    state: str  # `established` or `drifting`
    run: str  # the last use before it; counting begins anew after this one
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryVerdict:
    """What a local judge said about an output that is known to be poor; `context` is the judge."""

    id: str
    at: str
    context: Context
    canary: str  # digest of the planted pair
    kind: str  # how it was made poor
    reasoning: str
    failure_mode: str
    verdict: str


Entry = Feedback | Assessment | Promotion | Consent | Transition | CanaryVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A run that the engine recorded without us; `unknown` names what its record cannot tell."""

    id: str  # digest of the file's bytes
    at: str  # when the run began
    ensemble: str
    status: str  # the engine's word
    models: tuple[tuple[str, str], ...]  # (agent, model), sorted
    input_digest: str
    output_digest: str
    input_tokens: int
    output_tokens: int
    seconds: float
    unknown: tuple[str, ...]
