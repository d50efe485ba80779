"""Everything in the repository that is generated: `make docs` writes it, a test compares it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import click

from conductor.app.plugin import plugin_files
from conductor.cli.root import COMMANDS
from conductor.cli.root import conductor as group
from tests import rule_pages

ROOT = Path(__file__).parents[1]

_INTRODUCTION = """# Command reference

Generated from `conductor COMMAND --help` by `make docs`. Every command knows `--json`: one object
on standard output that begins with `"format": 1`, to which later versions only add keys; everything
else goes to standard error.

| exit code | means |
|---|---|
| 0 | done |
| 1 | the answer is no: findings, a refusal, a failed check, `--check` differs |
| 2 | you must change something: usage, a file that cannot be read or is not valid |
| 3 | the outside failed: engine, model server, ledger, network |
| 130 | interrupted |
"""


@cache
def generated() -> dict[str, str]:
    """The text of every generated file, by its path in the repository."""
    return {**rule_pages.pages(), "docs/cli.md": _cli(), **plugin_files(str(ROOT))}


def _cli() -> str:
    pages = [_INTRODUCTION, _page("conductor", group)]
    for name in COMMANDS:
        command = group.get_command(click.Context(group), name)
        assert command is not None
        pages.append(_page(f"conductor {name}", command))
    return "\n".join(pages)


def _page(title: str, command: click.Command) -> str:
    context = click.Context(
        command, info_name=title, max_content_width=96, terminal_width=96, **group.context_settings
    )
    return f"## {title}\n\n```text\n{command.get_help(context)}\n```\n"


def main() -> None:
    """Write every file that differs."""
    for path, text in generated().items():
        file = ROOT / path
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
            click.echo(f"wrote {path}")


if __name__ == "__main__":
    main()
