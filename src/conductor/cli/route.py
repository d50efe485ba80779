"""`conductor route`: help and unusual spellings; the usual ones take the short way in `hot`."""

from __future__ import annotations

import click

from conductor.cli import hot


@click.command(name="route")
@click.argument("text", nargs=-1)
@click.option("--fact", "facts", multiple=True, metavar="NAME=VALUE", help="A fact you know.")
@click.option("--input", "inputs", multiple=True, metavar="FILE", help="A document of the task.")
@click.option("--jsonl", default="", metavar="FILE", help="Decide each line: id, text, facts.")
@click.option("--plan", is_flag=True, help="Take the task apart, and decide each part.")
@click.option("--explain", is_flag=True, help="Show every fact, and what each rule lacked.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--no-log", is_flag=True, help="Do not note the decision in the workspace.")
@click.pass_obj
def command(folder: str, /, **options: object) -> int:
    """Decide: a local ensemble, or Claude.

    TEXT is the task in words; `-` reads it from standard input. Nothing is contacted, and the
    text is not kept.
    """
    lists = {
        name: list(value) if isinstance(value, tuple) else value for name, value in options.items()
    }
    return hot.main({"folder": folder, **lists})
