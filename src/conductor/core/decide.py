"""The decision: pure and total. Every task gets one, with the rule and the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from conductor.core.authorization import standing as standing_authorization
from conductor.core.competence import score
from conductor.core.condition import first_failure, holds
from conductor.core.facts import DEFAULT, GIVEN, REPEATED, Fact, FactSpec, Scalar
from conductor.core.policy import CLAUDE, COMPOSE, LOCAL, TASK, Candidate, Decision, Policy, Rule
from conductor.core.signals import Input
from conductor.core.standing import Standings, add_evidence, best
from conductor.core.value import Value


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
    seen: Callable[[str], int] | None = None,
) -> Decision:
    """Decide where a task goes. `given` facts are already checked and always win.

    `today` is an ISO date; without one, no authorization holds. `deprecated` ensembles, with what
    replaces them (empty: nothing), come after all others. `seen` counts earlier decisions about a
    task type that small models could have had; it is asked only where no ensemble serves the type.
    """
    given = given or {}
    derived = policy.signals.derive(policy.facts, text, inputs)
    facts = {name: _fact(name, spec, given, derived) for name, spec in policy.facts.items()}
    old = deprecated or {}
    candidate = best(policy, facts, standings or {}, old)
    add_evidence(policy, facts, candidate, standings or {}, seen)
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
    decision = Decision(
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
    if outcome == COMPOSE:
        _propose(policy, decision)
    return decision


def _propose(policy: Policy, decision: Decision) -> None:
    """Say whether such tasks come often enough for making an ensemble."""
    expected = next(
        (fact for name, fact in decision.facts.items() if policy.facts[name].evidence == REPEATED),
        None,
    )
    uses, wanted = int(expected.value) if expected else 1, policy.delegation.repetitions
    decision.proposed = uses >= wanted
    if not decision.proposed:
        times = "once" if uses == 1 else f"{uses} times"
        decision.reason += f"; it is expected {times}, and making an ensemble pays from {wanted}"


def _told(decision: Decision, deprecated: Mapping[str, str]) -> Decision:
    """Say so where a deprecated ensemble is taken all the same: nothing else serves the task."""
    if decision.ensemble in deprecated:
        instead = deprecated[decision.ensemble]
        replaced = f", `{instead}` replaces it" if instead else ""
        decision.reason = f"{decision.reason}; `{decision.ensemble}` is deprecated{replaced}"
    return decision
