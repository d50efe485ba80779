"""Promotion by tool: a model may plan, and only a person may say yes.

No argument of any tool confirms anything. docs/claude-code.md says what this keeps out, and what
it cannot.
"""

from __future__ import annotations

import os

from conductor.adapters import clock
from conductor.app import promote, wire
from conductor.app.consents import record
from conductor.app.plans import plan_text, wants_signature
from conductor.app.prepared import Prepared
from conductor.app.project import Project
from conductor.app.promotions import context_of
from conductor.app.wire import Json
from conductor.core.consent import MINUTES, Client, Reply, form, heard
from conductor.core.readiness import Answer
from conductor.core.tier import Tier
from conductor.errors import Missing, UsageError
from conductor.mcp.arguments import Given
from conductor.mcp.brief import pick
from conductor.mcp.call import Call
from conductor.mcp.session import Held, Session

_SESSION = "CLAUDE_CODE_SESSION_ID"
_AGAIN = "call promotion_plan again"


def plan(session: Session, given: Given, call: Call) -> Json:
    """Plan, and hold the plan if it could be carried out; nothing is written."""
    name, target = str(given["ensemble"]), Tier(str(given["to"]))
    with session.project() as project:
        made = promote.prepare(project, name, target).plan
        signed = wants_signature(project, target)
    if made.readiness.ready and not made.done:
        text, until = plan_text(made), clock.stopwatch() + MINUTES * 60
        session.plans[made.digest] = Held(
            text=text, ensemble=name, target=target, signed=signed, until=until
        )
    return wire.promotion(made)


def apply(session: Session, given: Given, call: Call) -> Json:
    """Ask the person and do what they say; raises Missing when nobody said yes."""
    digest = str(given["digest"])
    held = _held(session, digest)
    _admit(call.client, held)
    with session.project() as project:
        if wants_signature(project, held.target):
            why = f"promoting to {held.target} needs a person's signature"
            raise Missing(why, hint=_by_hand(held))
        # Each call has a thread of its own: who takes the plan first asks, and nobody else.
        if session.plans.pop(digest, None) is None:
            raise _none_held()
        # What is on the disk now must still come to the digest that was planned.
        prepared = _made_again(project, held)
        reply = call.ask(form(prepared.plan))
        said, problem = heard(prepared.plan, reply)
        if said and clock.stopwatch() > held.until:
            said, problem = False, "the plan expired while the question stood"
        way = _way(call, reply)
        about = context_of(prepared.plan)
        record(project, "plan", prepared.plan.digest, context=about, granted=said, way=way)
        if problem:
            raise Missing(f"nothing was promoted: {problem}", hint=_by_hand(held))
        carried = promote.apply(project, prepared, consent=way) if said else None
    return wire.promotion(prepared.plan, carried)


def brief_plan(session: Session, whole: Json) -> Json:
    """Say what stands in the way, or what to do with the plan."""
    digest = str(whole["digest"])
    made: Json = whole["plan"]  # type: ignore[assignment]  # as `wire.promotion` makes it
    short = pick(made, ("ensemble", "from", "to", "destination", "gates", "evidence"))
    held = session.plans.get(digest)
    known = {"digest": digest} if held else {}
    following = _to_ask(held) if held else _to_mend(whole, made)
    return {"promoted": False, **known, "plan": short, "next": following}


def _to_ask(held: Held) -> str:
    if not held.signed:
        return "promote_apply asks the person"
    return f"the policy wants a person's signature, by hand: {_command(held)} --plan-out FILE"


def _to_mend(whole: Json, made: Json) -> str:
    """Say why there is nothing to ask, and who has to do what first."""
    name, tier = made["ensemble"], made["to"]
    if whole["done"]:
        return f"nothing to do: {name} is in tier {tier} already, as it is here"
    look = f"conductor readiness {name} --to {tier}"
    stopping: list[dict[str, str]] = whole["stopping"]  # type: ignore[assignment]  # as above
    acting = [one for one in stopping if one["verdict"] != Answer.WAITING]
    if not acting:
        return f"nothing to do now, it needs more use: {look}"
    gates = ", ".join(one["gate"] for one in acting)
    return f"you must act ({gates}): {acting[0]['command'] or look}"


def brief_applied(session: Session, whole: Json) -> Json:
    short: Json = {name: whole[name] for name in ("promoted", "place", "digest")}
    return (
        short if whole["promoted"] else {**short, "next": "the person declined: leave it as it is"}
    )


def _held(session: Session, digest: str) -> Held:
    held = session.plans.get(digest)
    if held is None:
        raise _none_held()
    if clock.stopwatch() > held.until:
        session.plans.pop(digest, None)
        raise UsageError("the plan expired", hint=_AGAIN)
    return held


def _none_held() -> UsageError:
    hint = "call promotion_plan; a plan can be asked about once"
    return UsageError("no plan of this session has that digest", hint=hint)


def _made_again(project: Project, held: Held) -> Prepared:
    try:
        return promote.from_text(project, held.text, held.ensemble, held.target)
    except UsageError as error:
        raise UsageError(error.message, at=error.at, hint=_AGAIN) from error


def _admit(client: Client, held: Held) -> None:
    """Refuse clients that may run this tool without asking anybody."""
    if not client.known_to_ask:
        raise Missing(
            f"promoting needs a person's yes, and `{client}` is not known to ask for it",
            hint=_by_hand(held),
        )


def _way(call: Call, reply: Reply) -> str:
    """Describe how the answer came, for the record."""
    known = {
        "client": f"{call.client.name}/{call.client.version}",
        "session": os.environ.get(_SESSION, ""),
        "tool_use": call.tool_use,
        "form": str(reply),
    }
    return " ".join(["mcp", *(f"{name}={value}" for name, value in known.items() if value)])


def _by_hand(held: Held) -> str:
    return f"in a terminal of your own: {_command(held)}"


def _command(held: Held) -> str:
    return f"conductor promote {held.ensemble} --to {held.target}"
