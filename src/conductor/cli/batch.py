"""`conductor run --batch`: results as lines of JSON, and how far it is on standard error."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

from conductor.cli import show
from conductor.cli.fetching import fetched_model
from conductor.cli.progress import clear_line, draw_line
from conductor.core.run import RunStatus
from conductor.errors import Missing, OutsideError

if TYPE_CHECKING:
    from conductor.app.batch import Batch, Result
    from conductor.app.project import Project
    from conductor.core.prediction import Prediction
    from conductor.core.swapping import Swapping

_WORDS = {
    RunStatus.SUCCEEDED: "done",
    RunStatus.REJECTED: "turned down",
    RunStatus.FAILED: "failed",
    RunStatus.INTERRUPTED: "interrupted",
}


def run_batch(
    project: Project,
    name: str,
    file: str,
    results: str | None,
    parallel: int | None,
    *,
    as_json: bool,
) -> int:
    """Do what is left of a batch; 1 when a check turned an output down, 3 when something failed."""
    from conductor.app import batch as app
    from conductor.app.run import prepare
    from conductor.app.swapping import swaps

    if file == "-" and results is None:
        raise Missing("a batch from standard input has no name", hint="give `--results FILE`")
    written = results or f"{file.removesuffix('.jsonl')}.{name}.results.jsonl"
    prepared = prepare(project, name)
    if fetched_model(project, prepared.needs_embedded):
        prepared = prepare(project, name)
    count = parallel or project.settings.parallel
    with app.alone(written):
        batch = app.plan_batch(prepared, file, written, swaps(prepared))
        show.say(_forecast(batch, prepared.prediction, count))
        if batch.swapping and batch.items:
            show.say(_waves(batch.swapping, count))
        told = _Told(batch, as_json=as_json)
        try:
            app.run_batch(project, batch, count, told)
        except (OutsideError, KeyboardInterrupt):
            told.end()
            show.say(f"what is finished is in {written}: the same command goes on from there")
            raise
    told.end()
    show.say(f"{told.counted()}; the results are in {written}")
    if as_json:
        counts = {str(status): told.counts[status] for status in _WORDS}
        show.document({"results": written, "before": batch.done, **counts})
    return told.code


class _Told:
    """Prints every result as it comes, and on a terminal how long the rest will take."""

    def __init__(self, batch: Batch, *, as_json: bool) -> None:
        self.counts: Counter[RunStatus] = Counter()
        self._turned_down_before = batch.turned_down
        self._total = len(batch.items)
        self._as_json = as_json
        self._terminal = sys.stderr.isatty()
        self._began = time.monotonic()

    def __call__(self, result: Result) -> None:
        run = result.finished.run
        self.counts[run.status] += 1
        self.end()
        if not self._as_json:
            show.result(json.dumps(result.document(), ensure_ascii=not self._terminal))
        done = self.counts.total()
        left = (time.monotonic() - self._began) / done * (self._total - done)
        if self._terminal:
            draw_line(f"  [{done}/{self._total}] {self.counted()}, about {left:.0f} s left")
        else:
            reason = f": {run.error}" if run.error else ""
            item = show.safe(result.item.id)
            show.say(f"  [{done}/{self._total}] {item} {run.status} {run.seconds:.1f} s{reason}")

    def end(self) -> None:
        """Take the live line away."""
        if self._terminal:
            clear_line()

    def counted(self) -> str:
        found = [f"{self.counts[status]} {word}" for status, word in _WORDS.items()]
        return ", ".join(text for text in found if not text.startswith("0 ")) or "nothing to do"

    @property
    def code(self) -> int:
        """Answer for the whole batch: whoever started it again asks the same question."""
        if self.counts[RunStatus.FAILED]:
            return OutsideError.exit_code
        return int(bool(self._turned_down_before + self.counts[RunStatus.REJECTED]))


def _waves(found: Swapping, together: int) -> str:
    """Say why items begin together."""
    told = (
        f"its models take {found.gigabytes:.0f} GB together and there are"
        f" {found.memory_gigabytes:.0f}, so they are loaded in turns:"
    )
    if together == 1:
        return f"{told} `--parallel 2` or more loads them less often"
    return f"{told} {together} items begin at a time, and go through the stages side by side"


def _forecast(batch: Batch, prediction: Prediction, parallel: int) -> str:
    """Say what is left; side by side is not faster on every machine, so the time is the longest."""
    count = len(batch.items)
    down = f" ({batch.turned_down} turned down)" if batch.turned_down else ""
    before = f", {batch.done} finished before{down}" if batch.done else ""
    if not count:
        return f"every item is finished{before}"
    whole = prediction.times(count)
    return (
        f"delegating {show.plural(count, 'item')} to local models{before}:"
        f" up to {parallel} at a time, {whole.span} one after the other ({whole.basis})"
    )
