"""`conductor learn`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conductor.cli import ask, show
from conductor.errors import Missing

if TYPE_CHECKING:
    from conductor.app.learn import Learned
    from conductor.app.project import Project
    from conductor.core.proposal import Proposal

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_LABELS = click.option(
    "--labels", default="", metavar="FILE", help="Texts with their task types, to mine for signals."
)


@click.group(name="learn", invoke_without_command=True)
@_LABELS
@_JSON
@click.pass_context
def command(context: click.Context, labels: str, as_json: bool) -> int:
    """Propose what the record of runs speaks for; you decide.

    A number of a rule that judged tasks speak against, a signal that misled, an ensemble to
    retire, a task type for which fine-tuning is worth a question. policy/learning.toml says how
    much evidence each takes. With --labels, a phrase or a weight that types texts of yours better:
    a line is an object with `text` and `gold_task_type`, as for `backtest --gold`.
    """
    if context.invoked_subcommand:
        return 0
    from conductor.app.learn import learn
    from conductor.app.project import Project
    from conductor.formats import learning

    with Project(context.obj) as project:
        learned = learn(project, labels)
    if as_json:
        show.document(
            {
                "revision": learned.revision,
                "decisions": learned.decisions,
                "judged": learned.judged,
                "proposals": [learning.document(one) for one in learned.proposals],
                "insights": [learning.insight(one) for one in learned.insights],
            }
        )
        return 0
    if text := learning.listing(learned.proposals, learned.insights):
        show.result(text)
    show.say(_next(learned, labels))
    return 0


@command.command(name="show")
@click.argument("proposal")
@_LABELS
@_JSON
@click.pass_obj
def show_(folder: str, proposal: str, labels: str, as_json: bool) -> int:
    """Show a proposal: its diff, what it means, logged tasks, risk."""
    from conductor.app import learn as app
    from conductor.app.project import Project
    from conductor.formats import learning

    with Project(folder) as project:
        found = app.with_comparison(project, app.find(app.learn(project, labels), proposal))
    if as_json:
        show.document(learning.document(found))
    else:
        show.result(learning.page(found))
        if found.edit and not found.obstacle:
            show.say(f"\nnext: conductor learn apply {found.id}{_again(labels)}")
    return 0


@command.command(name="apply")
@click.argument("proposal")
@click.option("--push", is_flag=True, help="Push it as a branch for review, to [policy] remote.")
@_LABELS
@_JSON
@click.pass_obj
def apply_(folder: str, proposal: str, push: bool, labels: str, as_json: bool) -> int:
    """Write a proposal into the policy file, after your yes to its diff.

    With --push the file here stays as it is. A commit on what the remote has is pushed as a branch
    and proposed, by the way that docs/promotion.md describes, after you typed the plan's digest.
    Exit code 1 means that you said no.
    """
    from conductor.app import learn as app
    from conductor.app.project import Project
    from conductor.formats import learning

    with Project(folder) as project:
        found = app.with_comparison(project, app.find(app.learn(project, labels), proposal))
        app.applicable(found)
        show.say(learning.page(found))
        if why := ask.absence():
            raise Missing(
                f"a policy changes only with a person's yes, and {why}",
                hint=f"`conductor learn apply {found.id}` in a terminal of your own",
            )
        if push:
            return _push(project, found, as_json=as_json)
        said = click.confirm("\nWrite this?", err=True)
        file = app.apply(project, found) if said else None
    if as_json:
        show.document({"applied": said, "id": found.id, "file": file})
    elif said:
        show.result(f"wrote {file}")
    if said:
        show.say("next: conductor test, then conductor compile, then commit it for review")
    else:
        show.say("nothing was written")
    return int(not said)


def _push(project: Project, proposal: Proposal, *, as_json: bool) -> int:
    from conductor.app import amend
    from conductor.cli.consent import typed
    from conductor.cli.outward import outward_lines

    plan = amend.prepare(project, proposal)
    lines = [f"Propose  {proposal.id}  {plan.path}    plan {plan.short}", ""]
    show.say("\n" + "\n".join([*map(show.safe, lines), *outward_lines(plan.outward)]))
    said = typed(plan)
    carried = amend.carry_out(project, plan, consent=said) if said else None
    if as_json:
        place = carried.place if carried else None
        show.document({"pushed": bool(said), "id": proposal.id, "place": place})
    elif carried:
        verb = "proposed" if plan.outward.rung.pushes else "wrote the contribution of"
        show.result(show.safe(f"{verb} {proposal.id}: {carried.place}"))
    if carried is None:
        show.say("nothing was pushed")
    elif carried.next:
        show.say(f"next: {show.safe(carried.next)}")
    return int(not said)


def _again(labels: str) -> str:
    """Give the option that brings the same proposals once more."""
    return f" --labels {labels}" if labels else ""


def _next(learned: Learned, labels: str) -> str:
    looked = (
        f"looked at {show.plural(learned.decisions, 'logged decision')},"
        f" {learned.judged} of them judged"
    )
    if learned.proposals:
        return f"\n{looked}\nnext: conductor learn show {learned.proposals[0].id}{_again(labels)}"
    return f"nothing to propose: {looked}"
