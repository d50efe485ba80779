"""`conductor demote`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conductor.cli import ask, show
from conductor.core.tier import Tier
from conductor.errors import Missing

if TYPE_CHECKING:
    from conductor.app.project import Project
    from conductor.app.trash import Trashed
    from conductor.core.demotion import Demotion

_TIERS = ("global", "library")


@click.command(name="demote")
@click.argument("name")
@click.option("--from", "tier", required=True, type=click.Choice(_TIERS), help="The tier to leave.")
@click.option("--reason", default="", metavar="TEXT", help="Why; it is asked for otherwise.")
@click.option("--restore", is_flag=True, help="Put back what was demoted last.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(folder: str, name: str, tier: str, reason: str, *, restore: bool, as_json: bool) -> int:
    """Take an ensemble out of a tier, after your yes to a plan.

    Files that others in the tier need stay. What leaves is kept, and --restore puts it back as it
    was. Without a terminal, and where Claude Code runs the command, nothing is done. Exit code 1
    means that it cannot be done, or that you said no.
    """
    from conductor.app import demote as app
    from conductor.app.project import Project

    with Project(folder) as project:
        if restore:
            return _restore(project, name, as_json=as_json)
        plan = app.plan(name, Tier(tier))
        show.say(screen(plan))
        if not plan.possible:
            return _answer(plan, None, as_json=as_json)
        _person()
        why = reason or ask.text("Why?", check=lambda said: "" if said else "say why")
        granted = click.confirm("\nDemote?", err=True)
        app.consented(project, name, plan.digest, granted=granted)
        if not granted:
            show.say("nothing was changed")
        trashed = app.apply(project, plan, reason=why) if granted else None
        return _answer(plan, trashed, as_json=as_json)


def screen(plan: Demotion) -> str:
    """Show every file: what leaves, what stays and why, and what is in the way."""
    lines = [
        f"Demote  {plan.ensemble}  from {plan.tier}    plan {plan.short}",
        f"        out of {plan.place}",
        "",
    ]
    lines += [
        f"  {'!' if path in plan.changed else '-'} {path}"
        + ("  changed since it was promoted: not ours to remove" if path in plan.changed else "")
        for path in plan.removed
    ]
    lines += [f"  = {path}  stays: {', '.join(users)}" for path, users in plan.kept.items()]
    lines += [f"    {path}  is gone already" for path in plan.gone]
    if plan.needed_by:
        lines.append(f"\nnot possible: in this tier, {', '.join(plan.needed_by)} runs it")
    elif plan.changed:
        lines.append(
            "\nnot possible: somebody changed what was promoted; `conductor status` shows it"
        )
    return show.safe("\n".join(lines))


def _restore(project: Project, name: str, *, as_json: bool) -> int:
    from conductor.app import demote as app

    trashed = app.restorable(name)
    lines = [f"Restore  {name}  to global, as it was on {trashed.at} ({trashed.reason})", ""]
    show.say(show.safe("\n".join([*lines, *(f"  + {path}" for path in trashed.removed)])))
    _person()
    granted = click.confirm("\nRestore?", err=True)
    app.consented(project, name, trashed.entry.plan, granted=granted)
    if granted:
        app.restore(project, trashed)
    if as_json:
        show.document({"restored": granted, "files": [*trashed.removed]})
    else:
        show.result(f"restored {name} to global") if granted else show.say("nothing was changed")
    return int(not granted)


def _person() -> None:
    if why := ask.absence():
        raise Missing(
            f"this needs a person's yes, and {why}", hint="do it in a terminal of your own"
        )


def _answer(plan: Demotion, trashed: Trashed | None, *, as_json: bool) -> int:
    if as_json:
        extra = {"changed": list(plan.changed), "needed_by": list(plan.needed_by)}
        show.document(
            {
                "demoted": trashed is not None,
                "digest": plan.digest,
                "plan": plan.document(),
                **extra,
            }
        )
    elif trashed:
        show.result(f"demoted {plan.ensemble} from {plan.tier}")
        show.say(f"to undo: conductor demote {plan.ensemble} --from {plan.tier} --restore")
    return int(trashed is None)
