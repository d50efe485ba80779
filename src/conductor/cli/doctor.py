"""`conductor doctor`."""

from __future__ import annotations

import click

from conductor.cli import show


@click.command(name="doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(folder: str, as_json: bool) -> int:
    """Say what is here and what is missing.

    A line each for engine, servers, memory, classes and ensembles, with the fix, and the models
    worth fetching. Downloads and changes nothing. Exit code 1 means that something is missing.
    """
    from dataclasses import asdict

    from conductor.app.doctor import examine
    from conductor.core.diagnosis import State

    found = examine(folder)
    missing = [one for one in found if one.state is State.MISSING]
    if as_json:
        facts = [{**asdict(one), "state": one.state.name.lower()} for one in found]
        show.document({"ok": not missing, "facts": facts})
        return int(bool(missing))
    width = max(len(one.name) for one in found)
    for one in found:
        show.result(f"{one.state!s:<8} {one.name:<{width}}  {show.safe(one.detail)}")
        if one.fix:
            show.result(f"{'':{width + 11}}fix: {show.safe(one.fix)}")
    if missing:
        show.say(f"{show.plural(len(missing), 'thing')} missing")
    return int(bool(missing))
