"""What the engine says while it runs, as progress."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from conductor.core.closure import agents_of
from conductor.core.execution import Document, Progress

if TYPE_CHECKING:
    from mcp.types import LoggingMessageNotificationParams

_AGENT = re.compile(r"Agent '(.+)' (started|completed)")


class Watch:
    """Listens to one invocation at a time. The engine says `completed` for failed agents too."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self._report: Callable[[Progress], None] | None = None
        self._began = 0.0
        self._total = 0
        self._done = 0

    def begin(self, ensemble: Document, report: Callable[[Progress], None]) -> None:
        self._report = report
        self._began = time.monotonic()
        self._total = len(agents_of(ensemble))
        self._done = 0

    async def logged(self, params: LoggingMessageNotificationParams) -> None:
        """Take one log message of the engine."""
        found = _AGENT.search(str(params.data))
        if found is None or self._report is None:
            return
        ended = found[2] == "completed"
        self._done += ended
        self._report(
            Progress(
                agent=found[1],
                ended=ended,
                done=self._done,
                total=max(self._total, self._done),
                seconds=time.monotonic() - self._began,
            )
        )

    def tail(self, lines: int) -> str:
        """Give the end of the engine's own log in one line."""
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        last = [" ".join(line.split()) for line in text.splitlines() if line.strip()][-lines:]
        return "; ".join(last)
