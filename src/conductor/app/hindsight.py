"""`backtest` over transcripts: read where they are, decided again, and nothing is kept."""

from __future__ import annotations

from conductor.adapters import homes, transcripts
from conductor.app.route import Router
from conductor.core.decide import explain
from conductor.core.hindsight import Exchange, Hindsight, Judged, look_back
from conductor.core.policy import CLAUDE, LOCAL, TASK, Decision, Policy
from conductor.errors import SourceError


def backtest(router: Router, path: str) -> Hindsight:
    """Decide every prompt of the transcripts at `path`; empty: those of this user."""
    if router.policy is None:
        raise SourceError("the policy does not compile", hint="run `conductor compile`")
    where = path or homes.claude_transcripts()
    return look_back([_judged(router, router.policy, one) for one in transcripts.exchanges(where)])


def _judged(router: Router, policy: Policy, exchange: Exchange) -> Judged:
    decision, _ = router.decide(exchange.text)
    task = str(decision.facts[TASK].value)
    served = task in policy.candidates or task in policy.templates
    kept = decision.outcome == CLAUDE and served
    return Judged(
        exchange=exchange,
        task=task,
        outcome=decision.outcome,
        lacks=_lacks(policy, decision) if kept else "",
    )


def _lacks(policy: Policy, decision: Decision) -> str:
    """Say what kept the task from the first local rule that is about its type."""
    for step in explain(policy, decision):
        about_another = step.failure.startswith(f"`{TASK}`")
        if step.outcome == LOCAL and step.failure and not about_another:
            return step.failure
        if step.rule == decision.rule:
            return decision.reason
    return ""
