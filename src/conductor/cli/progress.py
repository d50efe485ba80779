"""Progress of a run on standard error: one live line on a terminal, else a line per agent."""

from __future__ import annotations

import sys

import click

from conductor.core.execution import Progress

_WIDTH = 78


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
            click.echo(f"\r{' ' * _WIDTH}\r", err=True, nl=False)

    def _line(self, progress: Progress) -> None:
        text = f"  {self._count(progress)}  {', '.join(self._working)}"
        click.echo(f"\r{text[:_WIDTH]:<{_WIDTH}}", err=True, nl=False)

    @staticmethod
    def _count(progress: Progress) -> str:
        width = len(str(progress.total))
        return f"[{progress.done:>{width}}/{progress.total}] {progress.seconds:5.1f} s"
