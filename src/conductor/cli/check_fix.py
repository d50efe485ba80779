"""`conductor check --fix`: what can be mended, shown and asked file by file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conductor.cli import ask, show
from conductor.errors import Missing

if TYPE_CHECKING:
    from conductor.app.mend import Mend


def mend(root: str) -> None:
    """Mend file by file after a yes to its diff; raises Missing where nobody can be asked."""
    from conductor.app.mend import mends

    found = mends(root)
    if not found:
        show.say("nothing here can be mended by itself")
        return
    if not ask.possible():
        listed = ", ".join(f"{one.file} ({_names(one)})" for one in found)
        raise Missing(
            f"these changes need a yes, and there is no terminal to ask: {listed}",
            hint="run `conductor check --fix` in a terminal, or take the edits from `check --json`",
        )
    written = [_offered(root, one) for one in found]
    if any(written):
        show.say("next: conductor compile")


def _offered(root: str, one: Mend) -> bool:
    from conductor.app.mend import write

    show.say(show.difference(one.file, one.old, one.new))
    if not click.confirm(f"\nChange {one.file} like this ({_names(one)})?", err=True):
        return False
    write(root, one)
    return True


def _names(one: Mend) -> str:
    return ", ".join(sorted({finding.name for finding in one.findings}))
