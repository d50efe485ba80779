"""The compiled policy: an ordered list of rules, and what a decision needs around it."""

from __future__ import annotations

from collections.abc import Mapping

from conductor.core.authorization import Authorization
from conductor.core.condition import Condition
from conductor.core.delegation import Delegation
from conductor.core.facts import Fact, FactSpec
from conductor.core.signals import Signals
from conductor.core.value import Value

LOCAL, COMPOSE, PREPARE, ASK, CLAUDE = "local", "compose", "prepare", "ask", "claude"
OUTCOMES = (CLAUDE, ASK, PREPARE, COMPOSE, LOCAL)  # by rising risk

TASK = "task"  # the one fact that the choice of ensembles depends on
SIZE = "document_tokens"  # what doing a task takes follows from it


class Rule(Value):
    """If `when` holds, the task goes to `outcome`, because of `reason`."""

    __slots__ = ("ask", "ensemble", "id", "on_failure", "outcome", "reason", "when")

    def __init__(
        self,
        id: str,  # noqa: A002 - the word that policy files use
        when: Condition,
        outcome: str,
        *,
        reason: str,
        ensemble: str = "",
        ask: str = "",
        on_failure: str = CLAUDE,
    ) -> None:
        self.id = id
        self.when = when
        self.outcome = outcome
        self.reason = reason
        self.ensemble = ensemble  # pinned; empty: the best candidate for the task
        self.ask = ask  # the fact that an `ask` rule needs
        self.on_failure = on_failure  # who gets the task when a check fails


class Candidate(Value):
    """An ensemble that could serve a task type, known by the digest of its text."""

    __slots__ = ("name", "text_digest")

    def __init__(self, name: str, text_digest: str) -> None:
        self.name = name
        self.text_digest = text_digest


class Policy(Value):
    """INVARIANT: rules stand in the order of the file; the compiler is the only maker."""

    __slots__ = (
        "authorizations",
        "candidates",
        "default_reason",
        "delegation",
        "facts",
        "fingerprint",
        "impossible",
        "revision",
        "rules",
        "signals",
        "sources",
        "templates",
    )

    def __init__(
        self,
        *,
        facts: Mapping[str, FactSpec],
        signals: Signals,
        rules: tuple[Rule, ...],
        default_reason: str,
        candidates: Mapping[str, tuple[Candidate, ...]],
        templates: Mapping[str, str],
        sources: tuple[str, ...],
        revision: str,
        impossible: tuple[Condition, ...] = (),
        fingerprint: str = "",
        authorizations: tuple[Authorization, ...] = (),
        delegation: Delegation | None = None,
    ) -> None:
        self.authorizations = authorizations
        self.delegation = delegation or Delegation()
        self.facts = facts
        self.fingerprint = fingerprint  # of what it means: equal when no decision differs
        self.impossible = impossible  # what the invariants exclude: left out of every analysis
        self.signals = signals
        self.rules = rules
        self.default_reason = default_reason
        self.candidates = candidates  # by task type, the parent's where it has none of its own
        self.templates = templates  # by task type for which composing pays
        self.sources = sources  # files it was compiled from, relative to the workspace
        self.revision = revision


class Decision(Value):
    """Where a task goes, and why. `errors` are what could not be considered.

    `authorization` is what lets the ensemble run without a person's yes to this very task.
    """

    __slots__ = (
        "authorization",
        "ensemble",
        "errors",
        "facts",
        "fingerprint",
        "limited_by",
        "on_failure",
        "outcome",
        "proposed",
        "reason",
        "revision",
        "rule",
        "score",
        "template",
    )

    def __init__(
        self,
        outcome: str,
        *,
        reason: str,
        facts: Mapping[str, Fact],
        revision: str,
        rule: str = "",
        ensemble: str = "",
        template: str = "",
        on_failure: str = CLAUDE,
        errors: tuple[str, ...] = (),
        fingerprint: str = "",
        authorization: Authorization | None = None,
    ) -> None:
        self.authorization = authorization
        self.proposed: bool | None = None  # of `compose`: whether making one is, by now
        self.score = -100  # see core.competence
        self.limited_by = ""  # the fact that the score rests on
        self.fingerprint = fingerprint  # of the policy: what it means, whatever its text
        self.outcome = outcome
        self.reason = reason
        self.facts = facts
        self.revision = revision
        self.rule = rule  # empty: the default decided
        self.ensemble = ensemble
        self.template = template
        self.on_failure = on_failure
        self.errors = errors

    @property
    def confirm(self) -> bool:
        """Tell whether a person has to say yes before small models do anything."""
        return self.outcome in (LOCAL, COMPOSE, PREPARE) and self.authorization is None

    def to_json(self) -> dict[str, object]:
        """Give the documented object of `route --json`; later versions only add keys."""
        return {
            "format": 1,
            "outcome": self.outcome,
            "ensemble": self.ensemble or None,
            "template": self.template or None,
            "rule": self.rule or None,
            "reason": self.reason,
            "facts": {name: fact.to_json() for name, fact in self.facts.items()},
            "revision": self.revision,
            "errors": list(self.errors),
            "fingerprint": self.fingerprint,
            "confirm": self.confirm,
            "authorization": self.authorization.to_json() if self.authorization else None,
            "proposed": self.proposed,
            "score": self.score,
            "limited_by": self.limited_by or None,
        }
