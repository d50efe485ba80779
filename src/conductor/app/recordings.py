"""Recording what an engine answers, and replaying it without one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock

from conductor.adapters import clock, files
from conductor.adapters.lines import Results
from conductor.app.project import Project
from conductor.app.record import Attempt, Plan
from conductor.app.run import Finished, finish, invocation
from conductor.core.execution import Invocation, Outcome, Progress
from conductor.core.ports import Runner, RunnerFactory
from conductor.core.recording import Recording, Replayer, key_of, recordings_in
from conductor.errors import OutsideError


def record_to(project: Project, file: str) -> None:
    """Let a workspace append every answer of its engine to `file`, texts of the models included."""
    project.open_runner = _recording(project.open_runner, file)


def read_recordings(file: str) -> Replayer:
    """Read what was recorded; raises SourceError or OutsideError."""
    return Replayer(recordings_in(files.read_lines(file), file))


def replay(
    project: Project, plan: Plan, replayer: Replayer, on_progress: Callable[[Progress], None]
) -> Finished:
    """Give the answer that was recorded, checked anew; nothing starts, and no row is written.

    Raises OutsideError where none was, and where agents failed then.
    """
    asked = invocation(project, plan, plan.bound)
    found = replayer.find(asked)
    attempt = Attempt(
        plan=plan,
        began=clock.stopwatch(),
        engine=replayer.name,
        engine_version=f"{found.engine} {found.engine_version}",
        outcome=replayer.invoke(asked, on_progress),
    )
    finished = finish(project, attempt)
    if finished.run.error:
        hint = "this is how the recorded run ended; record it anew: the newest one is shown"
        raise OutsideError(finished.run.error, hint=hint)
    return replace(finished, recorded_at=found.at)


def _recording(open_runner: RunnerFactory, file: str) -> RunnerFactory:
    @contextmanager
    def opened() -> Iterator[Runner]:
        with open_runner() as runner:
            yield _Recorder(runner, Results(file))

    return opened


class _Recorder:
    """An engine whose answers are written down; several threads may ask."""

    def __init__(self, runner: Runner, file: Results) -> None:
        self.name, self.version = runner.name, runner.version
        self.why_not_loadable = runner.why_not_loadable
        self._runner, self._file, self._lock = runner, file, Lock()

    def invoke(self, invocation: Invocation, on_progress: Callable[[Progress], None]) -> Outcome:
        told: list[Progress] = []

        def tell(progress: Progress) -> None:
            told.append(progress)
            on_progress(progress)

        outcome = self._runner.invoke(invocation, tell)
        text, given = key_of(invocation)
        recording = Recording(
            at=clock.now(),
            ensemble=str(invocation.ensemble.get("name", "")),
            text_digest=text,
            input_digest=given,
            engine=self.name,
            engine_version=self.version,
            progress=tuple(told),
            outcome=outcome,
        )
        with self._lock:
            self._file.add(recording.document())
        return outcome
