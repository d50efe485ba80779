"""`conductor doctor`."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from textwrap import wrap

import click

from conductor.cli import show

_NARROWEST = 30  # columns: a text in fewer is no text


@click.command(name="doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(folder: str, as_json: bool) -> int:
    """Say what is here and what is missing.

    A line each for engine, servers, memory, classes and ensembles, with the fix, and the models
    worth fetching. `missing` keeps runs from working, `warning` makes them worse than they could
    be, `-` is something one may do without. Downloads and changes nothing. Exit code 1 means that
    something is missing.
    """
    from dataclasses import asdict

    from conductor.app.doctor import examine
    from conductor.core.diagnosis import State

    found = examine(folder)
    missing = [one for one in found if one.state is State.MISSING]
    warnings = [one for one in found if one.state is State.WARNING]
    if as_json:
        facts = [{**asdict(one), "state": one.state.name.lower()} for one in found]
        show.document({"ok": not missing, "facts": facts})
        return int(bool(missing))
    width = max(len(one.name) for one in found)
    for one in found:
        show.result(_written(f"{one.state!s:<8} {one.name:<{width}}  ", one.detail))
        if one.fix:
            show.result(_written(" " * (width + 11), f"fix: {one.fix}"))
    if told := [*_count(missing, "thing", " missing"), *_count(warnings, "warning")]:
        show.say(", ".join(told))
    return int(bool(missing))


def _written(head: str, text: str) -> str:
    """Write a text beside its head, broken to the width of a terminal where one reads it."""
    room = shutil.get_terminal_size().columns - len(head)
    if not sys.stdout.isatty() or room < _NARROWEST:
        return head + show.safe(text)
    lines = wrap(show.safe(text), room, break_on_hyphens=False, break_long_words=False)
    return head + f"\n{' ' * len(head)}".join(lines)


def _count(found: Sequence[object], noun: str, more: str = "") -> list[str]:
    return [show.plural(len(found), noun) + more] if found else []
