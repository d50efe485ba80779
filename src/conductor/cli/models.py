"""`conductor models`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from conductor.cli import ask, show, survey
from conductor.errors import UsageError

if TYPE_CHECKING:
    from conductor.app.models import Change, Survey
    from conductor.core.capability import Suggestion

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_SERVER = click.option("--server", default="", metavar="URL", help="The server to ask.")
_MEGA = 1e6


@click.group(name="models")
def command() -> None:
    """See, bind and fetch models.

    Ensembles name capability classes; which model stands behind a class on this machine is a
    binding. Nothing is fetched without a yes.
    """


@command.command(name="list")
@_JSON
@click.pass_obj
def list_(folder: str, as_json: bool) -> int:
    """List what servers have, and where each capability class runs."""
    from conductor.app import models as app
    from conductor.app.project import Project

    with Project(folder) as project:
        found = app.survey(project)
    if as_json:
        show.document(survey.document(found))
    else:
        show.result("\n".join([*survey.servers(found), "", *survey.places(found)]))
        show.say(survey.following(found))
    return 0


@command.command()
@click.argument("capability", default="", metavar="[CLASS]")
@click.argument("model", default="", metavar="[MODEL]")
@_SERVER
@click.option("--billion", type=click.FloatRange(min=0.01), help="Its size, if nobody says it.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@_JSON
@click.pass_obj
def bind(
    folder: str,
    capability: str,
    model: str,
    server: str,
    billion: float | None,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Say on which model a capability class runs here.

    Without arguments, propose the best model here for every class that has none. A class takes
    models up to its size; `embedded` is the model that comes with conductor.
    """
    from conductor.app import models as app
    from conductor.app.project import Project

    if capability and not model:
        raise UsageError("which model?", hint=f"conductor models bind {capability} MODEL")
    with Project(folder) as project:
        found = app.survey(project, server)
        bindings = (
            (app.binding_for(found, capability, model, server=server, billion=billion),)
            if capability
            else app.proposals(found)
        )
        change = app.change(project, bindings)
        written = False
        if change.after != change.before:
            show.say(show.difference(".conductor/bindings.toml", change.before, change.after))
            otherwise = f"conductor models bind {capability} {model} --yes".replace("  ", "")
            written = not dry_run and ask.consent("Write this?", yes=yes, otherwise=otherwise)
            if written:
                app.apply(project, change)
    return _bound(change, found, written=written, dry_run=dry_run, as_json=as_json)


@command.command()
@click.argument("model")
@_SERVER
@click.option("--yes", is_flag=True, help="Fetch without asking.")
@_JSON
@click.pass_obj
def pull(folder: str, model: str, server: str, yes: bool, as_json: bool) -> int:
    """Have Ollama fetch a model, after a yes.

    What was interrupted is taken up where it stopped.
    """
    from conductor.app import models as app
    from conductor.app.project import Project

    with Project(folder) as project:
        address = app.puller(server)
        show.say(_offer(model, app.suggestion(project, model), address))
        if not ask.consent("Fetch it?", yes=yes, otherwise=f"conductor models pull {model} --yes"):
            show.say("nothing was fetched")
            return 1
        app.pull(address, model, _Meter())
    if as_json:
        show.document({"model": model, "server": address})
    else:
        show.result(f"fetched {show.safe(model)}")
        show.say("next: conductor models bind")
    return 0


class _Meter:
    """Shows a download: one line that moves on a terminal, one line a step elsewhere."""

    def __init__(self) -> None:
        self.step = ""

    def __call__(self, step: str, done: int, total: int) -> None:
        percent = f"  {done / _MEGA:,.0f} of {total / _MEGA:,.0f} MB" if total else ""
        if sys.stderr.isatty():
            end = "\n" if step == "success" else ""
            click.echo(f"\r\x1b[K{show.safe(step)}{percent}{end}", err=True, nl=False)
        elif step != self.step:
            show.say(show.safe(step))
        self.step = step


def _offer(model: str, known: Suggestion | None, address: str) -> str:
    if known is None:
        return f"{show.safe(model)}, of a size that only the server knows, by {address}"
    return f"{known.model}, about {known.gigabytes:g} GB, {known.licence}, by {address}"


def _bound(change: Change, found: Survey, *, written: bool, dry_run: bool, as_json: bool) -> int:
    nothing = change.after == change.before
    if as_json:
        show.document({"written": written, "bindings": [asdict(one) for one in change.bound]})
    elif written:
        for one in change.bound:
            show.result(f"{one.profile} runs on {show.safe(one.model)}")
        show.say("A class on another model begins its calibration anew.")
    elif not change.bound:
        show.say(f"No model here is of a size for a class.\n{survey.following(found)}")
    elif nothing:
        show.say("bound like that already")
    return int(not (written or dry_run or nothing))
