"""`conductor plugin`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conductor.cli import ask, show

if TYPE_CHECKING:
    from conductor.app.plugin_install import Change

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_YES = click.option("--yes", is_flag=True, help="Write without asking.")


@click.group(name="plugin")
def command() -> None:
    """Make and install the plugin for Claude Code.

    Skill, commands, hooks and the server's entry, written from this workspace's policy.
    """


@command.command()
@click.argument("directory", default=".", metavar="[DIR]")
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 when a file would differ.")
@_JSON
@click.pass_obj
def build(folder: str, directory: str, check: bool, as_json: bool) -> int:
    """Write the plugin below DIR, and a marketplace for it."""
    from pathlib import Path

    from conductor.app import plugin
    from conductor.app.build import workspace_of

    differing = plugin.build(workspace_of(folder), str(Path(folder, directory)), check=check)
    if as_json:
        show.document({"files": differing, "written": not check})
    elif differing:
        show.result("\n".join(f"{'differs' if check else 'wrote'} {path}" for path in differing))
    else:
        show.result("the plugin is up to date")
    return int(check and bool(differing))


@command.command()
@_YES
@_JSON
@click.pass_obj
def install(folder: str, yes: bool, as_json: bool) -> int:
    """Make this workspace's plugin known to Claude Code, for you.

    Two keys are set in your Claude Code settings; the file is shown as a diff first, and the old
    one is kept beside it. All other keys stay as they are.
    """
    from conductor.app import plugin_install as app
    from conductor.app.build import workspace_of

    return _change(app.install(workspace_of(folder)), yes=yes, as_json=as_json)


@command.command()
@_YES
@_JSON
def uninstall(yes: bool, as_json: bool) -> int:
    """Take the plugin out of your Claude Code settings again."""
    from conductor.app import plugin_install as app

    return _change(app.uninstall(), yes=yes, as_json=as_json)


def _change(change: Change, *, yes: bool, as_json: bool) -> int:
    from conductor.app import plugin_install as app

    if change.warning:
        show.say(f"warning: {change.warning}")
    if change.old != change.new:
        show.say(show.difference(change.settings, change.old, change.new))
        again = "say yes with `--yes`"
        if not ask.consent("Change this file?", yes=yes, otherwise=again):
            show.say("nothing was written")
            return 1
    backup = app.apply(change)
    if as_json:
        show.document(
            {
                "settings": change.settings,
                "changed": change.old != change.new,
                "backup": backup or None,
                "plugin": change.folder,
            }
        )
    else:
        show.result(_said(change, backup))
    return 0


def _said(change: Change, backup: str) -> str:
    if change.old == change.new:
        lines = ["your settings are as they should be"]
    else:
        lines = [f"changed {change.settings}"]
    if backup:
        lines.append(f"the old one is {backup}")
    if change.files:
        lines.append(f"the plugin is in {change.folder}; it counts from the next session on")
    return "\n".join(lines)
