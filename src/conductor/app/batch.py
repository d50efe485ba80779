"""`run --batch`: many inputs through one warm session, each finished once.

Workers only wait for the engine. Checks, the ledger's row and the line of the results are the
calling thread's, one after the other: whatever is in the results is in the ledger.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass

from conductor.adapters import clock, files
from conductor.adapters.lines import Results
from conductor.app.project import Project
from conductor.app.record import Attempt, record
from conductor.app.run import Finished, Prepared, finish, invocation, outside, plan_of
from conductor.app.wire import FORMAT, escalation
from conductor.core.batch import Item, finished, read_items
from conductor.core.execution import Binding, Invocation
from conductor.core.ports import Runner
from conductor.core.run import RunStatus
from conductor.core.swapping import Swapping
from conductor.errors import OutsideError, UsageError

_SESSIONS = 3  # that break one after the other without a result between them: then it is no use


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What is to be done, and what earlier starts have finished."""

    prepared: Prepared
    results: Results
    items: Sequence[Item]  # that are left
    done: int  # before
    turned_down: int = 0  # of those that are done
    swapping: Swapping | None = None  # then items go in waves


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    item: Item
    finished: Finished

    def document(self) -> dict[str, object]:
        """Give the line of the results."""
        run = self.finished.run
        return {
            **FORMAT,
            "id": self.item.id,
            "status": str(run.status),
            "output": self.finished.output,
            "escalate": escalation(self.finished),
            "error": run.error,
            "run": run.id,
            "seconds": run.seconds,
            "input_digest": run.input_digest,
            "bound_digest": run.bound_digest,
        }


def alone(results: str) -> AbstractContextManager[None]:
    """Keep other processes away from a batch; raises OutsideError when one is at work on it."""
    return Results(results).alone()


def plan_batch(
    prepared: Prepared, file: str, results: str, swapping: Swapping | None = None
) -> Batch:
    """Read the items and what is finished of them; raises SourceError or UsageError."""
    items = read_items(files.read_lines(file), file)
    written = Results(results)
    done = finished(written.lines())
    keys = {item.key for item in items}
    forms = {str(one["bound_digest"]) for key, one in done.items() if key in keys}
    if forms - {prepared.bound_digest}:
        raise UsageError(
            f"`{results}` has results of another form of `{prepared.loaded.name}`",
            hint="name another file with `--results`, so that the two are not mixed",
        )
    left = [item for item in items if item.key not in done]
    return Batch(
        prepared=prepared,
        results=written,
        items=left,
        done=len(items) - len(left),
        turned_down=sum(
            one["status"] == RunStatus.REJECTED for key, one in done.items() if key in keys
        ),
        swapping=swapping,
    )


def run_batch(
    project: Project, batch: Batch, parallel: int, on_result: Callable[[Result], None]
) -> None:
    """Run what is left; every result is on the disk before it is told.

    Raises OutsideError when no session comes through, KeyboardInterrupt after what was under way
    is recorded as interrupted.
    """
    waiting, broken = deque(batch.items), 0
    while waiting:
        before = len(waiting)
        session = _Session(project, batch, waiting, parallel, on_result)
        session.run()
        if session.broke is not None:
            broken = broken + 1 if before - len(waiting) <= parallel else 1
            if broken >= _SESSIONS:
                raise session.broke


class _Session:
    """Works through one session of the engine until nothing waits or the session breaks."""

    def __init__(
        self,
        project: Project,
        batch: Batch,
        waiting: deque[Item],
        parallel: int,
        on_result: Callable[[Result], None],
    ) -> None:
        self.broke: OutsideError | None = None
        self._project = project
        self._batch = batch
        self._waiting = waiting
        self._parallel = parallel
        self._on_result = on_result
        self._working: dict[Future[OutsideError | None], tuple[Item, Attempt]] = {}

    def run(self) -> None:
        with ThreadPoolExecutor(max_workers=self._parallel) as pool:
            try:
                with outside(self._project, self._batch.prepared.bound) as (runner, bound):
                    while self._working or (self._waiting and not self.broke):
                        self._fill(pool, runner, bound)
                        self._collect()
            except KeyboardInterrupt:
                # The session is left: whoever still waited for it does not any more.
                wait(self._working)
                for item, attempt in self._working.values():
                    attempt.interrupted = attempt.outcome is None
                    self._tell(item, attempt, "interrupted")
                raise

    def _fill(self, pool: ThreadPoolExecutor, runner: Runner, bound: Mapping[str, Binding]) -> None:
        """Let more items begin; where models swap, only when those before them have ended.

        An item that is a stage behind would call for a model that the others need no more.
        """
        if self._batch.swapping and self._working:
            return
        while self._waiting and not self.broke and len(self._working) < self._parallel:
            item = self._waiting.popleft()
            plan = plan_of(self._project, self._batch.prepared, item.input)
            attempt = Attempt(
                plan=plan, began=0.0, engine=runner.name, engine_version=runner.version
            )
            asked = invocation(self._project, plan, bound)
            self._working[pool.submit(_invoke, runner, asked, attempt)] = (item, attempt)

    def _collect(self) -> None:
        ended = wait(self._working, return_when=FIRST_COMPLETED).done
        for future in list(ended):
            error = future.result()
            self.broke = self.broke or error
            item, attempt = self._working.pop(future)
            self._tell(item, attempt, error.message if error else "")

    def _tell(self, item: Item, attempt: Attempt, error: str) -> None:
        plan = attempt.plan
        if attempt.outcome is None:
            run = record(self._project, attempt, error)
            done = Finished(run=run, output="", on_failure=plan.decision.on_failure)
        else:
            done = finish(self._project, attempt)
        result = Result(item=item, finished=done)
        self._batch.results.add(result.document())
        self._on_result(result)


def _invoke(runner: Runner, asked: Invocation, attempt: Attempt) -> OutsideError | None:
    """Wait for the engine; gives what broke the session."""
    attempt.began = clock.stopwatch()
    try:
        attempt.outcome = runner.invoke(asked, lambda _: None)
    except OutsideError as error:
        return error
    finally:
        attempt.seconds = clock.stopwatch() - attempt.began
    return None
