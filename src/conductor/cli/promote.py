"""`conductor promote`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conductor.app import wire
from conductor.cli import show
from conductor.cli.consent import Question, consented, plan_options, read_plan, write_plan
from conductor.cli.outward import outward_lines
from conductor.cli.readiness import gate_lines, headline
from conductor.core.tier import Tier

if TYPE_CHECKING:
    from conductor.app.prepared import CarriedOut, Prepared
    from conductor.app.project import Project
    from conductor.core.plan import Plan

_TIERS = ("global", "library")
_KIB = 1024


@click.command(name="promote")
@click.argument("name")
@click.option("--to", "tier", required=True, type=click.Choice(_TIERS), help="The tier to go to.")
@plan_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(
    folder: str,
    name: str,
    tier: str,
    plan_out: str | None,
    plan_file: str | None,
    signature: str | None,
    as_json: bool,
) -> int:
    """Promote an ensemble, after your yes to a plan.

    Without a terminal, and where Claude Code runs the command, a plan is only carried out with your
    signature: `ssh-keygen -Y sign -n conductor-plan -f KEY FILE`. Exit code 1 means that the
    ensemble is not ready, or that you said no.
    """
    from conductor.app import promote as app
    from conductor.app.project import Project

    text = read_plan(plan_file, signature)
    with Project(folder) as project:
        if plan_file:
            prepared = app.from_text(project, text, name, Tier(tier))
        else:
            prepared = app.prepare(project, name, Tier(tier))
        plan = prepared.plan
        show.say(screen(prepared))
        if not plan.readiness.ready:
            show.say("\n" + "\n".join(["not ready:", *gate_lines(plan.readiness.stopping)]))
            return _answer(plan, as_json)
        if plan.done or plan_out:
            told = f"{name} is in tier {tier} already, as it is here"
            if plan_out and not plan.done:
                told = write_plan(plan, plan_out)
            show.say(f"\n{told}")
            _answer(plan, as_json)
            return 0
        said = _said(project, plan, text, signature)
        if not said:
            show.say("nothing was written")
            return _answer(plan, as_json)
        carried = app.apply(project, prepared, consent=said)
    return _answer(plan, as_json, carried=carried)


def screen(prepared: Prepared) -> str:
    """Show the plan: every file, every gate, and what will and will not happen."""
    plan = prepared.plan
    lines = [
        f"Promote  {plan.ensemble}  {plan.source} -> {plan.target}    plan {plan.short}",
        f"         to {plan.destination}",
    ]
    if prepared.resumed:
        lines.append(
            "         an earlier application of this plan was interrupted; this finishes it"
        )
    width = max(len(one.path) for one in plan.files)
    lines.append("")
    for one in plan.files:
        note = "; ".join(
            filter(None, (_NOTES[one.change.name], one.does and f"script: {one.does}"))
        )
        size = f"{one.bytes / _KIB:.1f} KiB"
        lines.append(
            f"  {one.change} {one.path:<{width}}  {size:>9}  {one.digest[7:19]}  {note}".rstrip()
        )
    lines += ["", f"  {headline(plan.readiness)}", *gate_lines(plan.readiness.gates)]
    if plan.outward:
        lines += ["", *outward_lines(plan.outward)]
    return "\n".join(lines)


_NOTES = {
    "ADD": "",
    "SAME": "is there already",
    "REPLACE": "replaces what was promoted before",
    "CONFLICT": "has other content there, which is not to be replaced",
}


def _said(project: Project, plan: Plan, text: str, signature: str | None) -> str:
    from conductor.app.promotions import context_of

    question = Question(
        command="promote",
        asked="Promote?",
        subject="plan",
        plan=plan,
        tier=plan.target,
        outward=plan.outward is not None,
        scripts=tuple(one for one in plan.files if one.does),
        context=context_of(plan),
    )
    return consented(project, question, text, signature)


def _answer(plan: Plan, as_json: bool, *, carried: CarriedOut | None = None) -> int:
    """Print what came of it; without `carried`, nothing did."""
    if as_json:
        show.document(wire.promotion(plan, carried))
    elif carried and plan.outward:
        verb = "proposed" if plan.outward.rung.pushes else "wrote the contribution of"
        show.result(show.safe(f"{verb} {plan.ensemble}: {carried.place}"))
    elif carried:
        show.result(f"promoted {plan.ensemble} to {plan.target}")
    if carried and carried.next:
        show.say(f"next: {show.safe(carried.next)}")
    return int(carried is None)
