"""`--input-file` and `--output-file`: what a run worked on, where the ledger did not keep it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., int])


class Given(TypedDict):
    """The texts that somebody brings along; None: what is kept has to do."""

    input_text: str | None
    output_text: str | None


def texts_options(command: Command) -> Command:
    """Give a command the two options."""
    for name in ("output", "input"):
        help_ = f"The run's {name}, where texts are not kept; it is compared with the run."
        command = click.option(f"--{name}-file", metavar="FILE", help=help_)(command)
    return command


def read_texts(input_file: str | None, output_file: str | None) -> Given:
    from conductor.adapters.files import read_text

    return Given(
        input_text=read_text(input_file) if input_file else None,
        output_text=read_text(output_file) if output_file else None,
    )
