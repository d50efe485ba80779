"""What the server keeps between calls: the folder, the engine, plans, and outputs given by path."""

from __future__ import annotations

import os
import shutil
import threading
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from conductor.adapters import files
from conductor.app.project import Project
from conductor.core.quotes import Texts
from conductor.core.tier import Tier
from conductor.errors import UsageError
from conductor.mcp.warm import Kept, Stoppable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conductor.core.ports import Runner, RunnerFactory, ServerFactory

_REMEMBERED = 20
OUTPUTS = f"{files.PRIVATE}/outputs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A plan that waits for a person: its text, as `--plan-out` writes it."""

    text: str
    ensemble: str
    target: Tier
    signed: bool  # the policy takes nothing but a signature
    until: float  # on the stopwatch


class Session:
    """One connection. Leaving it stops what was started, and drops what was only lent."""

    def __init__(
        self,
        folder: str,
        *,
        open_runner: RunnerFactory | None = None,
        open_server: ServerFactory | None = None,
    ) -> None:
        self.folder = str(Path(folder).resolve())
        self.name = f"{os.getpid()}"
        self.plans: dict[str, Held] = {}
        self.texts: dict[str, Texts] = {}  # of runs that are due, so that quotes can be looked up
        self.told: set[tuple[str, ...]] = set()  # the waiting runs that a notice told of
        self.running = threading.Lock()  # the engine works on one invocation at a time
        self.calls: set[Future[None]] = set()
        self._open_runner, self._open_server = open_runner, open_server
        self._engine = Kept(lambda: self._own().open_runner())
        self._server = Kept(lambda: self._own().open_server())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Call off what runs, wait for its row in the ledger, and stop what was started."""
        for called_off in tuple(self.calls):
            call_off(called_off)
        with self.running:  # a run that is called off still writes its row
            self._engine.close()
            self._server.close()
        root = files.find_workspace(self.folder)
        if root:
            shutil.rmtree(f"{root}/{OUTPUTS}/{self.name}", ignore_errors=True)

    @contextmanager
    def project(self, called_off: Future[None] | None = None) -> Iterator[Project]:
        """Open the workspace for one call; its engine is the one that is up already."""
        off: Future[None] = called_off or Future()
        with Project(
            self.folder,
            open_runner=lambda: self._stoppable(off),
            open_server=self._server.lend,
        ) as project:
            yield project

    def path(self, given: str) -> tuple[str, str]:
        """Take a path that a model wrote: the folder it is in, and the path in that folder.

        Raises UsageError when it leads out of the workspace.
        """
        root = files.find_workspace(self.folder) or self.folder
        relative = os.path.relpath(Path(root, given), root)
        if relative.split("/")[0] == "..":
            raise UsageError(
                f"`{given}` is outside of this workspace", hint="give the text itself as `input`"
            )
        return root, relative

    def remember(self, run: str, texts: Texts) -> None:
        """Keep in memory what a run worked on, for the verdict that is due; the last few only."""
        self.texts[run] = texts
        for oldest in list(self.texts)[:-_REMEMBERED]:
            del self.texts[oldest]

    def keep_output(self, root: str, run: str, text: str) -> str:
        """Put a long output into a file for the time of this session; gives its path."""
        path = f"{root}/{OUTPUTS}/{self.name}/{run}.txt"
        files.write_atomically(path, text)
        return path

    @contextmanager
    def _stoppable(self, called_off: Future[None]) -> Iterator[Runner]:
        with self._engine.lend() as runner:
            yield Stoppable(runner, called_off)

    def _own(self) -> Project:
        return Project(self.folder, open_runner=self._open_runner, open_server=self._open_server)


def call_off(called_off: Future[None]) -> None:
    """End what waits for it; calling off twice is once."""
    if not called_off.done():
        called_off.set_result(None)
