"""`conductor init`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conductor.cli import ask, show

if TYPE_CHECKING:
    from conductor.app.init import Plan


@click.command(name="init")
@click.argument("directory", default="", metavar="[DIR]")
@click.option("--dry-run", is_flag=True, help="Only show what would be written.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(folder: str, directory: str, dry_run: bool, yes: bool, as_json: bool) -> int:
    """Make a folder a workspace.

    It gets settings, the default policy, example specs, and schemas for editors. What is there
    already is never changed, except that .gitignore gains two lines.
    """
    from conductor.app import init as app
    from conductor.app.compile import compile_workspace

    root = _folder(folder, directory)
    plan = app.plan(root)
    if not dry_run and plan.new:
        show.say(_screen(plan))
        again = "say yes with `conductor init --yes`"
        if not ask.consent("Write these files?", yes=yes, otherwise=again):
            show.say("nothing was written")
            return 1
    if not dry_run:
        app.apply(plan)
        done = compile_workspace(root)
        if done.failed:
            show.say(show.findings(done.findings))
            return 1
    if as_json:
        written = [path for path, _ in plan.new]
        show.document(
            {"root": root, "written": not dry_run, "files": written, "kept": list(plan.kept)}
        )
    else:
        show.result(_screen(plan) if dry_run else _done(plan))
    return 0


def _folder(folder: str, directory: str) -> str:
    from pathlib import Path

    return str(Path(folder, directory).resolve())


def _screen(plan: Plan) -> str:
    """Show the whole change: new files by name and length, new lines as they are."""
    lines = [f"{plan.root}"]
    lines.extend(f"  + {path}  ({len(text.splitlines())} lines)" for path, text in plan.new)
    lines.extend(f"  + .gitignore: {line}" for line in plan.ignored)
    lines.extend(f"    {path}  (stays as it is)" for path in plan.kept)
    return "\n".join(lines)


def _done(plan: Plan) -> str:
    if not plan.new:
        return f"{plan.root} is a workspace already: nothing to write"
    return (
        f"wrote {show.plural(len(plan.new), 'file')} to {plan.root}\n"
        "next: read policy/routing.toml, then `conductor doctor`"
    )
