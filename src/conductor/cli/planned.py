"""`route --plan` on the screen and as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from conductor.app.planning import Step, plan
from conductor.app.route import Router, answer
from conductor.cli.following import following, permission
from conductor.errors import Missing

_SHOWN = 68  # characters of an order


def main(
    router: Router, text: str, facts: dict[str, object], inputs: Sequence[str], *, as_json: bool
) -> int:
    """Plan a task; gives the exit code."""
    if not (text.strip() or facts or inputs):
        raise Missing("there is nothing to plan", hint='try `conductor route --plan "…"`')
    steps = plan(router, text, facts, inputs)
    shown = json.dumps(document(steps)) if as_json else screen(steps)
    sys.stdout.write(f"{shown}\n")
    return 0


def document(steps: Sequence[Step]) -> dict[str, object]:
    """Give the documented object of `route --plan --json`."""
    parts = [
        {
            "part": number,
            "order": step.planned.part.order,
            "after": [one + 1 for one in step.planned.part.after],
            "category": step.planned.category,
            "items": step.planned.part.items,
            "expected": step.planned.expected,
            "saved_tokens": step.planned.saved_tokens,
            "route": answer(step.planned.decision, step.logged),
        }
        for number, step in enumerate(steps, 1)
    ]
    return {"format": 1, "parts": parts}


def screen(steps: Sequence[Step]) -> str:
    return "\n\n".join(_part(number, step) for number, step in enumerate(steps, 1))


def _part(number: int, step: Step) -> str:
    planned, decision = step.planned, step.planned.decision
    order = "".join(filter(str.isprintable, " ".join(planned.part.order.split())))
    who = decision.ensemble or decision.template
    each = f", for each of {planned.part.items} items" if planned.part.items > 1 else ""
    lines = [
        f"{number}  {order[:_SHOWN]}",
        f"   {decision.outcome}{f'  {who}' if who else ''}  ({_BY[planned.category]}{each})",
        f"   because  {decision.reason}",
    ]
    if planned.part.after:
        lines.append(f"   after    {', '.join(str(one + 1) for one in planned.part.after)}")
    if planned.saved_tokens:
        lines.append(f"   spares   at most {planned.saved_tokens:,} tokens of reading")
    if leave := permission(decision):
        lines.append(f"   consent  {leave}")
    if after := following(decision):
        lines.append(f"   next     {after}")
    return "\n".join(lines)


_BY = {
    "agent": "one small agent",
    "ensemble": "an ensemble",
    "script": "a script could do it",
    "claude": "Claude only",
}
