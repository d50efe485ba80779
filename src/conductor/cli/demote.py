"""`conductor demote`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conductor.cli import ask, show
from conductor.cli.consent import Question, consented, plan_options, read_plan, write_plan
from conductor.cli.outward import outward_lines
from conductor.core.demotion import Act, Wish
from conductor.core.tier import Tier
from conductor.errors import Missing, UsageError

if TYPE_CHECKING:
    from conductor.app.prepared import CarriedOut
    from conductor.app.project import Project
    from conductor.core.demotion import Demotion

_TIERS = ("global", "library")
_ASKED = {Act.REMOVE: "Demote?", Act.DEPRECATE: "Deprecate?", Act.RENEW: "Deprecate no longer?"}
_DONE = {
    Act.REMOVE: "demoted {name} from {tier}",
    Act.DEPRECATE: "deprecated {name} in {tier}",
    Act.RENEW: "{name} is deprecated no longer in {tier}",
}


@click.command(name="demote")
@click.argument("name")
@click.option("--from", "tier", required=True, type=click.Choice(_TIERS), help="The tier to leave.")
@click.option("--reason", default="", metavar="TEXT", help="Why; it is asked for otherwise.")
@click.option("--deprecate", is_flag=True, help="Leave it there, and say that it is outdated.")
@click.option("--replaced-by", default="", metavar="NAME", help="With --deprecate: what to use.")
@click.option("--restore", is_flag=True, help="Undo: it is outdated no longer, or back in global.")
@plan_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(
    folder: str,
    name: str,
    tier: str,
    reason: str,
    deprecate: bool,
    replaced_by: str,
    restore: bool,
    plan_out: str | None,
    plan_file: str | None,
    signature: str | None,
    as_json: bool,
) -> int:
    """Take an ensemble out of a tier, or deprecate it there.

    Nothing is done before your yes to a plan. Files that others in the tier need stay. What leaves
    tier global is kept, and --restore puts it back as it was; leaving the library, and deprecating
    there, is a pull request. Without a terminal, and where Claude Code runs the command, a plan is
    only carried out with your signature, as in `conductor promote`. Exit code 1 means that it
    cannot be done, or that you said no.
    """
    from conductor.app import demote as app
    from conductor.app.project import Project

    text = read_plan(plan_file, signature)
    if restore and deprecate:
        raise UsageError("`--restore` undoes, `--deprecate` does", hint="leave one of them out")
    with Project(folder) as project:
        if restore and tier == "global" and not _is_deprecated(name):
            return _restore(project, name, as_json=as_json)
        if plan_file:
            plan = app.from_text(project, text, name, Tier(tier))
        else:
            act = Act.RENEW if restore else Act.DEPRECATE if deprecate else Act.REMOVE
            why = reason or ("" if restore else _why())
            wish = Wish(
                ensemble=name, tier=Tier(tier), act=act, reason=why, replaced_by=replaced_by
            )
            plan = app.prepare(project, wish)
        show.say(screen(plan))
        if not plan.possible:
            return _answer(plan, None, as_json=as_json)
        if plan_out:
            return _written(plan, plan_out, as_json=as_json)
        said = _said(project, plan, text, signature)
        if not said:
            show.say("nothing was changed")
        carried = app.apply(project, plan, consent=said) if said else None
        return _answer(plan, carried, as_json=as_json)


def screen(plan: Demotion) -> str:
    """Show every file: what leaves, what stays and why, and what is in the way."""
    act = str(plan.wish.act).capitalize() if plan.wish.act is not Act.REMOVE else "Demote"
    instead = f"; use {plan.wish.replaced_by}" if plan.wish.replaced_by else ""
    lines = [
        f"{act}  {plan.ensemble}  {_PLACES[plan.wish.act]} {plan.tier}    plan {plan.short}",
        f"        at {plan.place}",
        *([f"        because: {plan.wish.reason}{instead}"] if plan.wish.reason else []),
        "",
    ]
    lines += [f"  + {path}" for path in plan.written]
    lines += [
        f"  {'!' if path in plan.changed else '-'} {path}"
        + ("  changed since it was promoted: not ours to remove" if path in plan.changed else "")
        for path in plan.removed
    ]
    lines += [f"  = {path}  stays: {', '.join(users)}" for path, users in plan.kept.items()]
    lines += [f"    {path}  is gone already" for path in plan.gone]
    runs_it = f"in this tier, {', '.join(plan.needed_by)} runs it"
    if plan.needed_by and plan.wish.act is Act.REMOVE:
        lines.append(f"\nnot possible: {runs_it}")
    elif plan.needed_by:
        lines.append(f"\n  {runs_it}, and goes on to")
    elif plan.changed:
        lines.append(
            "\nnot possible: somebody changed what was promoted; `conductor status` shows it"
        )
    if plan.outward:
        lines += ["", *outward_lines(plan.outward)]
    return show.safe("\n".join(lines))


_PLACES = {Act.REMOVE: "from", Act.DEPRECATE: "in", Act.RENEW: "in"}


def _why() -> str:
    if ask.absence():
        raise Missing("the reason is missing", hint="give it: `--reason TEXT`")
    return ask.text("Why?", check=lambda said: "" if said else "say why")


def _is_deprecated(name: str) -> bool:
    from conductor.adapters import homes
    from conductor.app.deprecations import deprecations_in

    return name in deprecations_in(homes.global_tier())


def _said(project: Project, plan: Demotion, text: str, signature: str | None) -> str:
    from conductor.app.demotions import context_of

    question = Question(
        command="demote",
        asked=_ASKED[plan.wish.act],
        subject="demotion",
        plan=plan,
        tier=plan.tier,
        outward=plan.outward is not None,
        context=context_of(plan),
    )
    return consented(project, question, text, signature)


def _restore(project: Project, name: str, *, as_json: bool) -> int:
    from conductor.app import demote_global as app
    from conductor.app.consents import record
    from conductor.core.entries import Context

    trashed = app.restorable(name)
    lines = [f"Restore  {name}  to global, as it was on {trashed.at} ({trashed.reason})", ""]
    show.say(show.safe("\n".join([*lines, *(f"  + {path}" for path in trashed.removed)])))
    if why := ask.absence():
        raise Missing(
            f"this needs a person's yes, and {why}", hint="do it in a terminal of your own"
        )
    granted = click.confirm("\nRestore?", err=True)
    about = Context(ensemble=name)
    record(project, "demotion", trashed.entry.plan, context=about, granted=granted, way="terminal")
    if granted:
        app.restore(project, trashed)
    if as_json:
        show.document({"restored": granted, "files": [*trashed.removed]})
    else:
        show.result(f"restored {name} to global") if granted else show.say("nothing was changed")
    return int(not granted)


def _written(plan: Demotion, file: str, *, as_json: bool) -> int:
    show.say(f"\n{write_plan(plan, file)}")
    _answer(plan, None, as_json=as_json)
    return 0


def _answer(plan: Demotion, carried: CarriedOut | None, *, as_json: bool) -> int:
    """Print what came of it; without `carried`, nothing did."""
    if as_json:
        show.document(
            {
                "demoted": carried is not None,
                "place": carried.place if carried else None,
                "digest": plan.digest,
                "plan": plan.document(),
                "changed": list(plan.changed),
                "needed_by": list(plan.needed_by),
            }
        )
    elif carried and plan.outward:
        verb = "proposed" if plan.outward.rung.pushes else "wrote"
        show.result(show.safe(f"{verb} `{plan.outward.title}`: {carried.place}"))
    elif carried:
        show.result(_DONE[plan.wish.act].format(name=plan.ensemble, tier=plan.tier))
        if plan.wish.act is not Act.RENEW:
            show.say(f"to undo: conductor demote {plan.ensemble} --from {plan.tier} --restore")
    if carried and carried.next:
        show.say(f"next: {show.safe(carried.next)}")
    return int(carried is None)
