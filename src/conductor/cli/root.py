"""The click group: every command in its own file, imported when it is called."""

from __future__ import annotations

import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from conductor import __version__
from conductor.errors import ConductorError

_ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
# In the order in which a new user meets them, with the first sentence of each one's help: the list
# is shown without importing them, which would take most of a second. A test holds both equal.
COMMANDS = {
    "demo": "Show the whole way of one task.",
    "init": "Make a folder a workspace.",
    "doctor": "Say what is here and what is missing.",
    "compile": "Check policy and specs, write what follows.",
    "check": "Check everything that must hold before a change lands.",
    "lint": "Say what keeps an ensemble from working elsewhere.",
    "test": "Check the policy against its cases.",
    "diff": "Say what a change of policy means, proven for all facts.",
    "show": "Show the policy that holds here, and which layer says what.",
    "fmt": "Give policy files one layout.",
    "route": "Decide: a local ensemble, or Claude.",
    "authorize": "Let an ensemble do tasks of a type without asking each time.",
    "backtest": "Say how good the decisions are, over many tasks at once.",
    "new-ensemble": "Make an ensemble from a template.",
    "ensembles": "Find, look at and compare ensembles.",
    "models": "See, bind and fetch models.",
    "run": "Run an ensemble on the local models.",
    "evaluate": "Judge a run: reasoning first, then the verdict.",
    "feedback": "Say how an output was in use.",
    "judge": "Ask a judge, and know how far to trust one.",
    "runs": "See what was run: the list, or one run with all about it.",
    "report": "Show net savings, acceptance, sampling and escalations.",
    "learn": "Propose what the record of runs speaks for; you decide.",
    "export": "Write judged runs as a dataset that trainers load.",
    "ingest": "Take in runs that llm-orc made without conductor, each once.",
    "ledger": "Keep the record sound, move it, drop the texts it keeps.",
    "readiness": "Say what stands between an ensemble and a tier.",
    "promote": "Promote an ensemble, after your yes to a plan.",
    "demote": "Take an ensemble out of a tier, or deprecate it there.",
    "status": "Say how ensembles differ between the tiers.",
    "library": "Look after a library: for its maintainers, in a clone of it.",
    "mcp": "Serve the verbs to Claude Code and other MCP clients.",
    "plugin": "Make and install the plugin for Claude Code.",
}

MODULES = {"show": "show_policy"}  # `cli/show` prints for all commands


class Lazy(click.Group):
    """Knows its commands by name only."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = MODULES.get(cmd_name, cmd_name.replace("-", "_"))
        module: Any = import_module(f"conductor.cli.{name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command when there is none of that name."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(args[0], COMMANDS, n=1)
            hint = f"did you mean `{close[0]}`?" if close else f"there are: {', '.join(COMMANDS)}"
            raise click.UsageError(f"unknown command `{args[0]}`\n  hint: {hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-C", "folder", default=".", metavar="DIR", help="Work in this folder.")
@click.version_option(__version__, prog_name="conductor")
@click.pass_context
def conductor(ctx: click.Context, folder: str) -> None:
    """Decide what small local models can do, run it there, and keep Claude for the rest."""
    ctx.obj = folder


def run(argv: Sequence[str]) -> int:
    """Run one command line; gives the exit code and prints every error once."""
    try:
        words = list(argv) or ["--help"]
        with _terminated_is_interrupted():
            result = conductor.main(words, prog_name="conductor", standalone_mode=False)
    except click.ClickException as error:
        click.echo(f"error: {error.format_message()}", err=True)
        return 2
    except click.Abort:
        click.echo("interrupted", err=True)
        return 130
    except ConductorError as error:
        click.echo(str(error), err=True)
        return error.exit_code
    return result if isinstance(result, int) else 0


@contextmanager
def _terminated_is_interrupted() -> Iterator[None]:
    """End on SIGTERM and SIGHUP as on Ctrl-C: a run leaves its row, and no process stays behind.

    What whoever started us ignores (`nohup`) stays ignored.
    """
    ours = threading.current_thread() is threading.main_thread()
    usual = [one for one in _ENDING if ours and signal.getsignal(one) is signal.SIG_DFL]
    for one in usual:
        signal.signal(one, signal.default_int_handler)
    try:
        yield
    finally:
        for one in usual:
            signal.signal(one, signal.SIG_DFL)


def crashed() -> int:
    """Report an exception that nobody expected, so that it can be sent on as it is."""
    traceback.print_exc()
    version = ".".join(str(part) for part in sys.version_info[:3])
    sys.stderr.write(
        f"\nThis is a mistake in conductor {__version__} (Python {version}, {sys.platform}),"
        " not in your files. Please report the lines above.\n"
    )
    return 3
