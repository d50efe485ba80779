"""The decision: pure and total. Every task gets one, with the rule and the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conductor.core.authorization import standing as standing_authorization
from conductor.core.competence import score
from conductor.core.condition import first_failure, holds
from conductor.core.delegation import Measured
from conductor.core.facts import (
    ACCEPTANCE,
    DEFAULT,
    DERIVED,
    GAIN,
    GIVEN,
    USES,
    Fact,
    FactSpec,
    Scalar,
)
from conductor.core.policy import (
    CLAUDE,
    COMPOSE,
    LOCAL,
    SIZE,
    TASK,
    Candidate,
    Decision,
    Policy,
    Rule,
)
from conductor.core.signals import Input
from conductor.core.value import Value


class Standing(Value):
    """What the evaluations of one closure say; percentages are whole numbers."""

    __slots__ = (
        "acceptance_percent",
        "by_task",
        "lower_percent",
        "measured",
        "task",
        "text_digest",
        "uses",
    )

    def __init__(  # noqa: PLR0913 - a row of the snapshot
        self,
        text_digest: str,
        uses: int,
        acceptance_percent: int,
        lower_percent: int,
        *,
        task: str = "",
        by_task: Mapping[str, Standing] | None = None,
        measured: Measured | None = None,
    ) -> None:
        self.text_digest = text_digest
        self.uses = uses
        self.acceptance_percent = acceptance_percent
        self.lower_percent = lower_percent  # of the 95 % interval
        self.task = task  # the type that it is about; empty: all that the ensemble did
        self.by_task = by_task or {}  # the types that have enough of their own
        self.measured = measured  # of the form as a whole

    def for_task(self, task: str) -> Standing:
        """Give what is known for a type, else for its parent, else for everything."""
        while task and task not in self.by_task:
            task = task.rpartition(".")[0]
        return self.by_task.get(task, self)


Standings = Mapping[str, Standing]  # by ensemble


class Step(Value):
    """One line of an explanation: a rule, and what kept it from holding (empty: it held)."""

    __slots__ = ("failure", "outcome", "rule")

    def __init__(self, rule: str, outcome: str, failure: str) -> None:
        self.rule = rule
        self.outcome = outcome
        self.failure = failure


def decide(  # noqa: PLR0913 - what is known around a task, each part with a default
    policy: Policy,
    *,
    text: str = "",
    given: Mapping[str, Scalar] | None = None,
    inputs: Sequence[Input] = (),
    standings: Standings | None = None,
    today: str = "",
    deprecated: Mapping[str, str] | None = None,
) -> Decision:
    """Decide where a task goes. `given` facts are already checked and always win.

    `today` is an ISO date; without one, no authorization holds. `deprecated` ensembles, with what
    replaces them (empty: nothing), come after all others.
    """
    given = given or {}
    derived = policy.signals.derive(policy.facts, text, inputs)
    facts = {name: _fact(name, spec, given, derived) for name, spec in policy.facts.items()}
    old = deprecated or {}
    candidate = _best(policy, facts, standings or {}, old)
    _add_evidence(policy, facts, candidate, standings or {})
    values = {name: fact.value for name, fact in facts.items()}
    rule = next((rule for rule in policy.rules if holds(rule.when, values)), None)
    if rule is None:
        decision = Decision(
            CLAUDE,
            reason=policy.default_reason,
            facts=facts,
            revision=policy.revision,
            fingerprint=policy.fingerprint,
        )
    else:
        decision = _told(_by_rule(policy, rule, facts, candidate), old)
    decision.score, decision.limited_by = score(policy, facts)
    if decision.outcome == LOCAL and policy.authorizations:
        task = str(facts[TASK].value)
        decision.authorization = standing_authorization(
            policy.authorizations, task, decision.ensemble, today
        )
    return decision


def _fact(
    name: str, spec: FactSpec, given: Mapping[str, Scalar], derived: Mapping[str, Fact]
) -> Fact:
    """Take what is given, else what is derived, else the default."""
    if name in given:
        return Fact(given[name], GIVEN, over=derived.get(name))
    if spec.confidence_of in given:  # what is given is sure
        return Fact(spec.default, DEFAULT)
    return derived.get(name) or Fact(spec.default, DEFAULT)


def explain(policy: Policy, decision: Decision) -> tuple[Step, ...]:
    """List the rules in order up to the one that decided, each with its first failure."""
    values = {name: fact.value for name, fact in decision.facts.items()}
    steps = []
    for rule in policy.rules:
        steps.append(Step(rule.id, rule.outcome, first_failure(rule.when, values)))
        if rule.id == decision.rule:
            break
    return tuple(steps)


def _best(
    policy: Policy,
    facts: Mapping[str, Fact],
    standings: Standings,
    deprecated: Mapping[str, str],
) -> Candidate | None:
    """Pick the candidate with the best lower bound of its acceptance, else the first by name."""
    task = str(facts[TASK].value) if TASK in facts else ""
    candidates = policy.candidates.get(task, ())

    def rank(candidate: Candidate) -> tuple[bool, int, str]:
        standing = _standing(candidate, standings, task)
        lower = standing.lower_percent if standing else 0
        return candidate.name in deprecated, -lower, candidate.name

    return min(candidates, key=rank, default=None)


def _standing(candidate: Candidate, standings: Standings, task: str) -> Standing | None:
    """Give the candidate's evidence, unless it belongs to an older text of the ensemble."""
    standing = standings.get(candidate.name)
    if standing is None or standing.text_digest != candidate.text_digest:
        return None
    return standing.for_task(task)


def _add_evidence(
    policy: Policy,
    facts: dict[str, Fact],
    candidate: Candidate | None,
    standings: Standings,
) -> None:
    task = str(facts[TASK].value) if TASK in facts else ""
    standing = _standing(candidate, standings, task) if candidate else None
    known: dict[str, tuple[int, str]] = {}
    source, measured = "delegation", None
    if standing and candidate:
        source, measured = f"evidence:{candidate.name}", standings[candidate.name].measured
        about = f"as {standing.task}" if standing.task else ""
        known[USES] = standing.uses, about
        known[ACCEPTANCE] = standing.acceptance_percent, about
    size = facts.get(SIZE)
    if size and size.source != DEFAULT:
        account = policy.delegation.account(task, int(size.value), measured)
        if account:
            known[GAIN] = account.gain, account.words
    for name, spec in policy.facts.items():
        if spec.evidence in known and facts[name].source != GIVEN:
            amount, words = known[spec.evidence]
            facts[name] = Fact(spec.clamp(amount), DERIVED, source, words=words)


def _by_rule(
    policy: Policy, rule: Rule, facts: Mapping[str, Fact], candidate: Candidate | None
) -> Decision:
    outcome, reason, ensemble, template = rule.outcome, rule.reason, "", ""
    if outcome == LOCAL:
        ensemble = rule.ensemble or (candidate.name if candidate else "")
        if not ensemble:
            task = str(facts[TASK].value)
            template = policy.templates.get(task, "")
            outcome = COMPOSE if template else CLAUDE
            reason = f"{reason}; no ensemble serves `{task}` yet" + (
                f", the template `{template}` can" if template else " and no template suits it"
            )
    return Decision(
        outcome,
        reason=reason,
        facts=facts,
        revision=policy.revision,
        fingerprint=policy.fingerprint,
        rule=rule.id,
        ensemble=ensemble,
        template=template,
        on_failure=rule.on_failure,
    )


def _told(decision: Decision, deprecated: Mapping[str, str]) -> Decision:
    """Say so where a deprecated ensemble is taken all the same: nothing else serves the task."""
    if decision.ensemble in deprecated:
        instead = deprecated[decision.ensemble]
        replaced = f", `{instead}` replaces it" if instead else ""
        decision.reason = f"{decision.reason}; `{decision.ensemble}` is deprecated{replaced}"
    return decision
