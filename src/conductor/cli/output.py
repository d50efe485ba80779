"""`--format`: the forms in which a command prints findings, each defined in one place."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

import click

from conductor import __version__
from conductor.core.finding import Finding

if TYPE_CHECKING:
    from conductor.formats.pages import Page

Command = TypeVar("Command", bound=Callable[..., int])

FINDINGS = ("text", "json", "sarif", "github")
_SUMMARY = "GITHUB_STEP_SUMMARY"  # the file that GitHub Actions shows on a job's page


def format_option(*forms: str) -> Callable[[Command], Command]:
    """Give a command `--format` and its short form `--json`, as the parameter `form`."""

    def decorate(command: Command) -> Command:
        shorthand = click.option(
            "--json", "form", flag_value="json", help="Print one JSON object: `--format json`."
        )
        choice = click.option(
            "--format", "form", type=click.Choice(forms), default="text", help="What is printed."
        )
        return choice(shorthand(command))

    return decorate


def for_a_forge(
    form: str,
    root: str,
    found: Sequence[Finding],
    headline: str,
    *,
    pages: Mapping[str, Page] | None = None,
) -> bool:
    """Print findings for code scanning or a workflow; False when `form` is for neither.

    `pages` explains names that are not among the built-in ones.
    """
    from conductor.adapters import files
    from conductor.formats import github
    from conductor.formats.sarif import sarif

    below = files.within_repository(root)
    if form == "sarif":
        click.echo(
            json.dumps(sarif(found, version=__version__, pages=pages, below=below), indent=2)
        )
        return True
    if form != "github":
        return False
    if commands := github.commands(found, below=below):
        click.echo(commands)
    if page := os.environ.get(_SUMMARY):
        files.append_line(page, github.summary(found, headline))
    return True
