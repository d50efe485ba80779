"""What somebody does next with a decision, as a command where there is one."""

from __future__ import annotations

from conductor.core.policy import ASK, CLAUDE, COMPOSE, LOCAL, PREPARE, TASK, Decision


def following(decision: Decision) -> str:
    """Give the next step; empty where there is none to name."""
    if decision.outcome == LOCAL:
        return f"conductor run {decision.ensemble} --input-file FILE"
    if decision.outcome == COMPOSE and not decision.proposed:
        return (
            "give it to Claude this time; if more are coming, say how many: --fact expected_uses=N"
        )
    if decision.outcome in (COMPOSE, PREPARE):
        task = decision.facts[TASK].value
        brief = (
            ", run it with --decision ID, and give Claude its output"
            if decision.outcome == PREPARE
            else ""
        )
        return f"conductor new-ensemble --template {decision.template} --set task={task}{brief}"
    if decision.outcome == ASK:
        return "say it with `--fact`, then route again"
    return "give the task to Claude" if decision.outcome == CLAUDE else ""


def permission(decision: Decision) -> str:
    """Say whether a person has to say yes to the run; empty where the next step asks by itself."""
    if decision.authorization:
        return f"given for `{decision.authorization.task}` {decision.authorization.days}"
    if decision.outcome != LOCAL:
        return ""
    task = decision.facts[TASK].value
    return f"needed each time, or once: conductor authorize {task} --ensemble {decision.ensemble}"
