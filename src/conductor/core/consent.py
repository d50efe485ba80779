"""A person's yes to a plan: the question, what counts as an answer, and who is known to ask.

INVARIANT: nothing that a model can write is a yes. The question is made from the plan alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from conductor.core.plan import Change, Plan

KEEP, PROMOTE = "keep as is", "promote"
MINUTES = 10  # that a plan holds
TYPED = 6  # last characters of the digest, which a person types
GATED = "claude-code"
GATED_SINCE = (2, 1, 199)  # older ones run a tool that needs a person without asking anybody
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who is connected, in its own words; `asks` tells whether it can show a form to a person."""

    name: str = ""
    version: str = ""
    asks: bool = False

    @property
    def known_to_ask(self) -> bool:
        """Tell whether a yes that this client reports can be a person's."""
        found = _VERSION.match(self.version)
        version = tuple(int(part) for part in found.groups()) if found else ()
        return self.name == GATED and version >= GATED_SINCE and self.asks

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip() or "this client"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What is asked of a person; some clients draw three lines of `message`, whatever its size."""

    message: str
    fields: Mapping[str, Mapping[str, object]]  # JSON Schema of each, all of them required


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back: `accept`, `decline` or `cancel`, and only with the first the fields."""

    action: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.action}/{self.fields.get('decision', '')}".rstrip("/")


def form(plan: Plan) -> Form:
    """Write the question: what, on which evidence, where to, and then every file."""
    counts = {change: sum(one.change is change for one in plan.files) for change in Change}
    seen = plan.evidence
    lines = [
        f"Promote {plan.ensemble}, {plan.source} -> {plan.target}?"
        f" Plan …{plan.digest[-TYPED:]}, {MINUTES} min.",
        f"{seen['good']} good, {seen['acceptable']} acceptable, {seen['poor']} poor by"
        f" {seen['judge'] or 'nobody'}, {seen['distinct_inputs']} inputs.",
        f"Writes to {plan.destination}: {counts[Change.ADD]} new,"
        f" {counts[Change.REPLACE]} replaced, {counts[Change.SAME]} there already.",
        *_leaving(plan),
        *(f"{one.change} {one.path} {one.digest[7:19]} {one.does}".rstrip() for one in plan.files),
    ]
    return Form(
        message="\n".join(lines),
        fields={
            "decision": {"type": "string", "title": "Decision", "enum": [KEEP, PROMOTE]},
            "typed": {"type": "string", "title": f"The {TYPED} characters after `Plan …`"},
        },
    )


def heard(plan: Plan, reply: Reply) -> tuple[bool, str]:
    """Give the answer, and why it is none. Anything but an explicit yes leaves all as it is."""
    if reply.action != "accept":
        return False, f"the form came back with `{reply.action}`; perhaps nobody was asked"
    if reply.fields.get("decision") != PROMOTE:
        return False, ""
    if reply.fields.get("typed") != plan.digest[-TYPED:]:
        return False, "what was typed is not the end of the plan's digest"
    return True, ""


def _leaving(plan: Plan) -> list[str]:
    """Say what others would see of it, word for word."""
    out = plan.outward
    if out is None:
        return []
    return [
        f"Leaves this machine: commit {out.commit[:12]} on {out.base}, to {out.branch} of"
        f" {out.push_to} by `{out.rung}`: {out.title}",
        *out.body.splitlines(),
    ]
