"""What stays up between calls: starting the engine takes seconds, asking it takes milliseconds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any, Generic, TypeVar

from conductor.core.execution import Document, Invocation, Outcome, Progress
from conductor.core.ports import Runner

Thing = TypeVar("Thing")


class Kept(Generic[Thing]):
    """Opened when it is first lent, closed with `close`, opened anew after a failure."""

    def __init__(self, open_: Callable[[], AbstractContextManager[Thing]]) -> None:
        self._open = open_
        self._stack = ExitStack()
        self._thing: Thing | None = None
        self._lock = threading.Lock()

    @contextmanager
    def lend(self) -> Iterator[Thing]:
        """Hand it out; whoever leaves by an exception leaves it in a state that nobody knows."""
        with self._lock:
            if self._thing is None:
                self._thing = self._stack.enter_context(self._open())
            thing = self._thing
        try:
            yield thing
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        with self._lock:
            self._thing = None
            self._stack.close()


class Stoppable:
    """A runner whose invocation ends when somebody calls it off; fits `core.ports.Runner`."""

    def __init__(self, runner: Runner, called_off: Future[None]) -> None:
        self._runner = runner
        self._called_off = called_off
        self.name, self.version = runner.name, runner.version

    def invoke(self, invocation: Invocation, on_progress: Callable[[Progress], None]) -> Outcome:
        """Run once; raises KeyboardInterrupt when it is called off before it has ended."""
        pool = ThreadPoolExecutor(max_workers=1)
        try:
            running = pool.submit(self._runner.invoke, invocation, on_progress)
            either: tuple[Future[Any], ...] = (running, self._called_off)
            wait(either, return_when=FIRST_COMPLETED)
            if not running.done():
                raise KeyboardInterrupt
            return running.result()
        finally:
            pool.shutdown(wait=False)  # the engine is closed then, which ends the invocation

    def why_not_loadable(
        self, ensemble: Document, scripts: Mapping[str, str], children: Mapping[str, Document]
    ) -> str:
        return self._runner.why_not_loadable(ensemble, scripts, children)
