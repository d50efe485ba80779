"""A person's yes to a plan: at the terminal, or by their signature over its file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from conductor.adapters.files import read_text, write_atomically
from conductor.cli import ask, show
from conductor.errors import Missing, UsageError

if TYPE_CHECKING:
    from conductor.app.project import Project
    from conductor.core.entries import Context
    from conductor.core.plan import Planned, PlannedFile
    from conductor.core.tier import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, about which plan; `command` is `promote` or `demote`."""

    command: str
    asked: str  # at the terminal, such as `Promote?`
    subject: str  # in the ledger
    plan: Planned
    tier: Tier
    outward: bool  # it leaves this machine: then the digest is typed
    context: Context
    scripts: tuple[PlannedFile, ...] = ()  # that are new or changed there


_OPTIONS = (
    click.option("--plan-out", metavar="FILE", help="Only write the plan."),
    click.option(
        "--apply", "plan_file", metavar="FILE", help="Carry out this plan, if it still holds."
    ),
    click.option(
        "--signature", metavar="FILE", help="With --apply: a person's signature over FILE."
    ),
)


def plan_options(command: Callable[..., int]) -> Callable[..., int]:
    """Let a command write its plan, and carry out one that is written."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def read_plan(plan_file: str | None, signature: str | None) -> str:
    """Read a plan, once: what is signed is what is done. Empty without one."""
    if signature and not plan_file:
        raise UsageError("a signature is over a plan", hint="name it: `--apply FILE`")
    return read_text(plan_file) if plan_file else ""


def write_plan(plan: Planned, file: str) -> str:
    """Write a plan; gives the words for it."""
    from conductor.app.plans import plan_text

    write_atomically(file, plan_text(plan))
    return f"the plan is in {file}; nothing else was written"


def consented(project: Project, question: Question, text: str, signature: str | None) -> str:
    """Ask as the policy wants it for the tier, and record the answer; empty for a no.

    `text` is the file that `signature` is over. Raises Missing when nobody is there.
    """
    from conductor.app.consents import record
    from conductor.app.plans import wants_signature

    doing = f"{question.command.removesuffix('e')}ing"
    if wants_signature(project, question.tier) and not signature:
        way = "to" if question.command == "promote" else "from"
        raise Missing(
            f"{doing} {way} {question.tier} needs a person's signature, as the policy says",
            hint=f"make and sign a plan: `conductor {question.command} --help`",
        )
    said = _answer(project, question, doing, text, signature)
    record(
        project,
        question.subject,
        question.plan.digest,
        context=question.context,
        granted=bool(said),
        way=said if signature else "terminal",
    )
    return said


def _answer(
    project: Project, question: Question, doing: str, text: str, signature: str | None
) -> str:
    from conductor.app.plans import signed_by

    if signature:
        return f"signed by {signed_by(text, signature)}"
    if why := ask.absence():
        raise Missing(
            f"{doing} needs a person's yes, and {why}",
            hint=f"{question.command} in a terminal of your own, or sign a plan:"
            f" `conductor {question.command} --help`",
        )
    if not _trusts(project, question):
        return ""
    if not question.outward:
        return "yes" if click.confirm(f"\n{question.asked}", err=True) else ""
    return typed(question.plan)


def typed(plan: Planned) -> str:
    """Ask for the beginning of the digest, for what leaves this machine; empty for a no."""
    short = plan.short
    asked = f"\nType the first {len(short)} characters of the plan's digest to proceed"
    answer = click.prompt(asked, default="", show_default=False, err=True).strip().lower()
    return short if answer == short else ""


def _trusts(project: Project, question: Question) -> bool:
    """Ask about each script that nobody here trusted yet: it will run where the ensemble does.

    A signature covers them with the plan, which names what each one is.
    """
    from conductor.app.consents import SCRIPT, record, trusted

    known = trusted(project) if question.scripts else frozenset()
    for one in question.scripts:
        if one.digest in known:
            continue
        click.echo(f"\n{show.safe(one.path)} ({one.digest[7:19]}): {one.does}", err=True)
        said = click.confirm("It runs wherever the ensemble does. Trust it?", err=True)
        record(project, SCRIPT, one.digest, context=question.context, granted=said, way="terminal")
        if not said:
            return False
    return True
