"""What the verbs need from the outside: the shapes that doors fit and tests may replace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from conductor.core.entries import Artifact, Entry
from conductor.core.evaluation import Evaluation, Verdict
from conductor.core.evidence import Tally
from conductor.core.execution import Document, Invocation, Outcome, Progress
from conductor.core.judged import Judged, Outputs, Poor
from conductor.core.past import Past
from conductor.core.replay import Logged
from conductor.core.run import Run, RunStatus
from conductor.core.transfer import Line, Taken
from conductor.core.usage import Usage

EntryT = TypeVar("EntryT", bound=Entry)


class Runner(Protocol):
    """An engine session. Raises OutsideError when the outside fails; agents' failures are data."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def invoke(self, invocation: Invocation, on_progress: Callable[[Progress], None]) -> Outcome:
        """Run once, within `invocation.timeout_seconds`, or raise TimeLimitReached."""
        ...

    def why_not_loadable(
        self, ensemble: Document, scripts: Mapping[str, str], children: Mapping[str, Document]
    ) -> str:
        """Say why the engine refuses the ensemble; empty when it loads. Nothing runs."""
        ...


class ModelServer(Protocol):
    """A model server that is up; leaving the context stops it."""

    @property
    def base_url(self) -> str: ...

    @property
    def model(self) -> str: ...

    @property
    def model_digest(self) -> str: ...


RunnerFactory = Callable[[], AbstractContextManager[Runner]]
ServerFactory = Callable[[], AbstractContextManager[ModelServer]]

# Says why an ensemble does not load where its closure (bytes by path) is all there is.
Isolate = Callable[[str, Mapping[str, bytes]], str]


class Ledger(Protocol):
    """The append-only record. What a call has written is durable when the call returns."""

    def add_run(self, run: Run, *, input_text: str | None, output_text: str | None) -> None:
        """Append a run, and its contents where the workspace consented to keep them."""
        ...

    def add_evaluation(self, evaluation: Evaluation) -> None: ...

    def run(self, run_id: str) -> Run | None:
        """Find a run by its id or by a unique beginning of it."""
        ...

    def runs(
        self,
        *,
        ensemble: str = "",
        bound_digest: str = "",
        status: str = "",
        task: str = "",
        since: str = "",
        limit: int = 0,
    ) -> list[Run]:
        """List runs, oldest first; `limit` keeps the newest so many, 0 all."""
        ...

    def usage(self, *, bound_digest: str = "") -> tuple[Usage, ...]:
        """Give sums over all runs, as `core.usage.add_up` defines them."""
        ...

    def uses(self, bound_digest: str, *, after: str, limit: int = 0) -> list[tuple[str, RunStatus]]:
        """List the uses of a form after a run, oldest first; `limit` keeps the newest so many."""
        ...

    def tallies(
        self, bound_digests: Sequence[str], *, after: str = ""
    ) -> dict[str, tuple[Tally, ...]]:
        """Count the standing verdicts of these forms on runs after `after`, judge by judge."""
        ...

    def judged_forms(self) -> dict[str, dict[str, int]]:
        """Count the standing verdicts of each ensemble's forms, by name, then by bound digest."""
        ...

    def poor(self) -> list[Poor]:
        """List the poor verdicts that stand, oldest first."""
        ...

    def outputs(self) -> list[Outputs]:
        """Say what became of the outputs that were judged, form by form."""
        ...

    def judging(self, bound_digests: Sequence[str]) -> dict[str, float]:
        """Give the tokens that a judgement of each form takes; forms without any lack."""

    def add(self, entry: Entry, *, text: str | None = None) -> None:
        """Append feedback, an assessment, a promotion or a consent."""
        ...

    def entries(self, kind: type[EntryT], *, ensemble: str = "") -> list[EntryT]:
        """List the entries of a kind, oldest first."""
        ...

    def ingest_artifacts(self, artifacts: Iterable[Artifact]) -> int:
        """Take in runs that the engine recorded without us; gives how many were new."""
        ...

    def artifacts(self) -> list[Artifact]: ...

    def pending(self) -> list[Run]:
        """List the runs that wait: due, or complained about since last judged; oldest first."""
        ...

    def evaluations(
        self,
        *,
        ensemble: str = "",
        bound_digest: str = "",
        run_id: str = "",
        counting: bool = False,
    ) -> list[Evaluation]:
        """List evaluations, oldest first, superseded ones left out.

        `counting` leaves out the judges whose word counts in no figure yet.
        """
        ...

    def ingest_decisions(self, lines: Iterable[Mapping[str, object]]) -> int:
        """Take in lines of decisions.jsonl, each once by its id; gives how many were new."""
        ...

    def decisions(self) -> dict[str, int]:
        """Count the decisions taken in so far, by outcome."""
        ...

    def logged(self) -> Iterator[Logged]:
        """Give the decisions taken in so far with their facts, oldest first."""
        ...

    def verdicts_by_decision(self) -> dict[str, Verdict]:
        """Give what was judged last about a run that a decision led to, by the decision's id."""
        ...

    def pasts(self, limit: int) -> list[Past]:
        """Give the newest decisions with what became of them, oldest first."""
        ...

    def judged_tasks(self) -> Iterable[Judged]:
        """Count the standing verdicts by task type, form and judge."""
        ...

    def close(self) -> None: ...

    def content(self, digest: str) -> str | None:
        """Give a kept input or output back; None when it was not kept."""
        ...

    def contents(
        self, *, run_id: str = "", ensemble: str = "", before: str = ""
    ) -> tuple[int, int]:
        """Count the kept texts that `forget` would drop, all without a filter; and characters."""
        ...

    def forget(self, *, run_id: str = "", ensemble: str = "", before: str = "") -> int:
        """Drop kept texts of a run, of an ensemble, or last kept before a time; gives how many."""
        ...

    @property
    def version(self) -> int:
        """Give the version of the schema."""
        ...

    def rows(self) -> Iterator[Line]:
        """Give every row of every table as it is stored."""
        ...

    def take_in(self, lines: Iterable[Line]) -> Taken:
        """Add the rows that are not there yet, all or none."""
        ...

    def unsound(self) -> list[str]:
        """Say what is wrong with the record; empty when nothing is."""
        ...
