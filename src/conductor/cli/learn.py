"""`conductor learn`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conductor.cli import ask, show
from conductor.errors import Missing

if TYPE_CHECKING:
    from conductor.app.learn import Learned

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group(name="learn", invoke_without_command=True)
@_JSON
@click.pass_context
def command(context: click.Context, as_json: bool) -> int:
    """Propose what the record of runs speaks for; you decide.

    A number of a rule that judged tasks speak against, a signal that misled, an ensemble to
    retire, a task type for which fine-tuning is worth a question. policy/learning.toml says how
    much evidence each takes.
    """
    if context.invoked_subcommand:
        return 0
    from conductor.app.learn import learn
    from conductor.app.project import Project
    from conductor.formats import learning

    with Project(context.obj) as project:
        learned = learn(project)
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
    show.say(_next(learned))
    return 0


@command.command(name="show")
@click.argument("proposal")
@_JSON
@click.pass_obj
def show_(folder: str, proposal: str, as_json: bool) -> int:
    """Show a proposal: its diff, what it means, logged tasks, risk."""
    from conductor.app import learn as app
    from conductor.app.project import Project
    from conductor.formats import learning

    with Project(folder) as project:
        found = app.with_comparison(project, app.find(app.learn(project), proposal))
    if as_json:
        show.document(learning.document(found))
    else:
        show.result(learning.page(found))
        if found.edit and not found.obstacle:
            show.say(f"\nnext: conductor learn apply {found.id}")
    return 0


@command.command(name="apply")
@click.argument("proposal")
@_JSON
@click.pass_obj
def apply_(folder: str, proposal: str, as_json: bool) -> int:
    """Write a proposal into the policy file, after your yes to its diff.

    Exit code 1 means that you said no.
    """
    from conductor.app import learn as app
    from conductor.app.project import Project
    from conductor.formats import learning

    with Project(folder) as project:
        found = app.with_comparison(project, app.find(app.learn(project), proposal))
        app.applicable(found)
        show.say(learning.page(found))
        if ask.absence():
            raise Missing(
                "a policy changes only with a person's yes, and there is no terminal to ask",
                hint=f"`conductor learn apply {found.id}` in a terminal of your own",
            )
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


def _next(learned: Learned) -> str:
    looked = (
        f"looked at {show.plural(learned.decisions, 'logged decision')},"
        f" {learned.judged} of them judged"
    )
    if learned.proposals:
        return f"\n{looked}\nnext: conductor learn show {learned.proposals[0].id}"
    return f"nothing to propose: {looked}"
