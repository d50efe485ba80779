"""Questions to a person. Without a terminal nobody is asked, and nothing hangs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping

import click

from conductor.errors import Missing, UsageError


def possible() -> bool:
    """Tell whether a person can answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def by_claude() -> bool:
    """Tell whether Claude Code runs this command: then what is typed or flagged is Claude's."""
    return bool(os.environ.get(_CHILD))


def absence() -> str:
    """Say why no person can say yes here; empty when one can. What Claude starts has a terminal."""
    if by_claude():
        return "Claude Code runs this command"
    return "" if possible() else "there is no terminal"


_CHILD = "CLAUDE_CODE_CHILD_SESSION"  # set in what Claude Code starts


def text(question: str, *, default: str | None = None, check: Callable[[str], str]) -> str:
    """Ask until `check` (the sentence that says what is wrong, or empty) is content."""
    while True:
        answer = str(
            click.prompt(
                question, default=default, err=True, prompt_suffix=_suffix(question, default)
            )
        )
        answer = answer.strip()
        problem = check(answer)
        if not problem:
            return answer
        click.echo(f"  {problem}", err=True)


def _suffix(question: str, default: str | None) -> str:
    return " " if default is None and question.endswith(("?", ")")) else ": "


def optional(question: str) -> str:
    """Ask for something that may stay empty."""
    suffix = _suffix(question, None)
    answer = click.prompt(question, default="", show_default=False, err=True, prompt_suffix=suffix)
    return str(answer).strip()


def consent(question: str, *, yes: bool, otherwise: str) -> bool:
    """Ask for a yes; `otherwise` is the command line that consents without a terminal."""
    if yes:
        return True
    if not possible():
        raise Missing("this needs your consent, and there is no terminal to ask", hint=otherwise)
    return click.confirm(question, err=True)


def agreed(proposal: str) -> bool:
    """Ask whether a proposal will do; it does when nothing is typed."""
    return click.confirm(proposal, default=True, err=True)


def pairs(given: tuple[str, ...]) -> dict[str, str]:
    """Read `--set key=value`; raises UsageError for one without a value or given twice."""
    values: dict[str, str] = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise UsageError(f"`--set {pair}` has no value", hint="write `--set key=value`")
        if key in values:
            raise UsageError(f"`--set {key}` is given twice", hint="keep one of them")
        values[key] = value
    return values


def choice(question: str, choices: Mapping[str, str], *, default: str | None = None) -> str:
    """Ask for one of the choices, each shown with what it means."""
    width = max(len(name) for name in choices)
    for name, meaning in choices.items():
        click.echo(f"  {name:<{width}}  {meaning}", err=True)

    def check(answer: str) -> str:
        return "" if answer in choices else f"one of: {', '.join(choices)}"

    return text(question, default=default, check=check)
