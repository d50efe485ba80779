"""Progress of a run on standard error: live on a terminal, else a line per agent, or as JSON."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from typing import Protocol

import click

from conductor.core import graph
from conductor.core.execution import Document, Progress

FORMS = ("auto", "jsonl", "none")
_WIDTH = 78
_UP, _CLEAR = "\x1b[{}A", "\x1b[J"


class Shown(Protocol):
    """Takes what happens while an ensemble runs."""

    def __call__(self, progress: Progress) -> None: ...

    def end(self) -> None:
        """Leave the screen free for what comes next."""
        ...


def progress(form: str, ensemble: Document) -> Shown:
    """Give the progress that was asked for; `auto` is a tree on a terminal and lines elsewhere."""
    if form == "auto":
        return Tree(ensemble) if sys.stderr.isatty() else Live()
    return Events(_json_line if form == "jsonl" else lambda _: None)


class Events:
    """Tells every event as one object."""

    def __init__(self, tell: Callable[[dict[str, object]], None]) -> None:
        self._tell = tell

    def __call__(self, progress: Progress) -> None:
        self._tell(
            {
                "format": 1,
                "event": "agent",
                "agent": progress.agent,
                "state": "ended" if progress.ended else "started",
                "done": progress.done,
                "total": progress.total,
                "seconds": round(progress.seconds, 3),
            }
        )

    def end(self) -> None:
        pass


def _json_line(event: dict[str, object]) -> None:
    click.echo(json.dumps(event), err=True)


class Tree:
    """Draws the stages of an ensemble, a line each, over and over in the same place."""

    def __init__(self, ensemble: Document) -> None:
        self._stages = [stage.agents for stage in graph.stages(ensemble)[0]]
        self._working: set[str] = set()
        self._ended: dict[str, float] = {}
        self._drawn = 0

    def __call__(self, progress: Progress) -> None:
        if progress.ended:
            self._working.discard(progress.agent)
            self._ended[progress.agent] = progress.seconds
        else:
            self._working.add(progress.agent)
        lines = [f"  {progress.seconds:5.1f} s  {progress.done} of {progress.total} agents"]
        lines += [self._line(number, stage) for number, stage in enumerate(self._stages, 1)]
        columns, rows = shutil.get_terminal_size((_WIDTH, 24))
        shown = [line[: columns - 1] for line in lines[: rows - 1]]
        self.end()
        click.echo("\n".join(shown), err=True)
        self._drawn = len(shown)

    def end(self) -> None:
        """Take the tree away."""
        if self._drawn:
            click.echo(f"{_UP.format(self._drawn)}\r{_CLEAR}", err=True, nl=False)
        self._drawn = 0

    def _line(self, number: int, stage: tuple[str, ...]) -> str:
        """Say how far a stage is; a stage of one agent is called by its name."""
        ended = [name for name in stage if name in self._ended]
        at_work = [name for name in stage if name in self._working]
        mark = "✓" if len(ended) == len(stage) else "▸" if at_work else "·"
        count = f" {len(ended)}/{len(stage)}" if len(stage) > 1 else ""
        names = at_work or ([f"{len(stage)} agents"] if len(stage) > 1 else [stage[0]])
        after = f"  {max(self._ended[name] for name in ended):.1f} s" if mark == "✓" else ""
        return f"  {mark} {number}{count}  {', '.join(names)}{after}"


def draw_line(text: str) -> None:
    """Draw the one live line anew, over what it showed before."""
    click.echo(f"\r{text[:_WIDTH]:<{_WIDTH}}", err=True, nl=False)


def clear_line() -> None:
    """Leave the live line empty for what comes next."""
    click.echo(f"\r{' ' * _WIDTH}\r", err=True, nl=False)


class Live:
    """Shows which agents are at work."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._working: list[str] = []

    def __call__(self, progress: Progress) -> None:
        if progress.ended:
            self._working = [name for name in self._working if name != progress.agent]
        else:
            self._working.append(progress.agent)
        if self._terminal:
            self._line(progress)
        elif progress.ended:
            click.echo(f"  {self._count(progress)}  {progress.agent}", err=True)

    def end(self) -> None:
        """Leave the live line empty for what comes next."""
        if self._terminal:
            clear_line()

    def _line(self, progress: Progress) -> None:
        draw_line(f"  {self._count(progress)}  {', '.join(self._working)}")

    @staticmethod
    def _count(progress: Progress) -> str:
        width = len(str(progress.total))
        return f"[{progress.done:>{width}}/{progress.total}] {progress.seconds:5.1f} s"
