"""A batch with a made-up engine: what is finished, what is not, and what becomes of the rest."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from conductor.app.batch import Result, alone, plan_batch, run_batch
from conductor.app.project import Project
from conductor.app.run import prepare
from conductor.core.execution import Invocation, Outcome
from conductor.core.run import RunStatus
from conductor.core.swapping import Swapping
from conductor.errors import OutsideError, SourceError, TimeLimitReached, UsageError
from tests.app.fakes import FakeEngine, FakeServer
from tests.conftest import command


class Engine(FakeEngine):
    """Fails, loops or is interrupted where the input says so, and knows how many work at once."""

    def __init__(self) -> None:
        super().__init__()
        self.together = self.most = 0
        self._lock = threading.Lock()
        self.meet = threading.Barrier(1)

    def invoke(self, invocation: Invocation, on_progress) -> Outcome:
        with self._lock:
            self.together += 1
            self.most = max(self.most, self.together)
        try:
            self.meet.wait(timeout=10)
            return self._answer(invocation, on_progress)
        finally:
            with self._lock:
                self.together -= 1

    def _answer(self, invocation: Invocation, on_progress) -> Outcome:
        text = invocation.input
        if "breaks" in text:
            raise OutsideError("the engine broke off")
        if "slow" in text:
            raise TimeLimitReached("the engine did not finish within 1 s")
        self.output = "it is so. " * 20 if "loops" in text else "a fine summary"
        self.error = "`worker` failed: timed out" if "fails" in text else ""
        return super().invoke(invocation, on_progress)


class Bench:
    def __init__(self, root: Path) -> None:
        self.engine, self.server, self.root = Engine(), FakeServer(), root
        self.results = root / "b.results.jsonl"
        self.told: list[Result] = []

    def run(self, *inputs: str, parallel: int = 1, on_result=None) -> list[str]:
        """Run a batch of these inputs; gives id and status of each line of the results."""
        file = self.root / "b.jsonl"
        file.write_text("".join(json.dumps({"input": text}) + "\n" for text in inputs))
        with self.project() as project:
            batch = plan_batch(prepare(project, "summarize-document"), str(file), str(self.results))
            run_batch(project, batch, parallel, on_result or self.told.append)
        return self.lines()

    def project(self) -> Project:
        return Project(str(self.root), open_runner=self.engine.open, open_server=self.server.open)

    def lines(self) -> list[str]:
        lines = self.results.read_text().splitlines()
        documents = [json.loads(line) for line in lines if line.endswith("}")]
        return [f"{one['id']} {one['status']}" for one in documents]

    def rows(self) -> Counter[RunStatus]:
        with self.project() as project:
            return Counter(run.status for run in project.ledger.runs())


class Unequal(Engine):
    """Takes its time where the input says so."""

    def _answer(self, invocation: Invocation, on_progress) -> Outcome:
        time.sleep(0.05 if "long" in invocation.input else 0)
        return super()._answer(invocation, on_progress)


def test_where_models_swap_items_begin_when_those_before_them_have_ended(workspace: Path):
    bench = Bench(workspace)
    bench.engine = engine = Unequal()
    file = workspace / "b.jsonl"
    texts = ["short", "long", "short", "short", "long", "short"]
    file.write_text("".join(json.dumps({"input": text}) + "\n" for text in texts))
    with bench.project() as project:
        prepared = prepare(project, "summarize-document")
        swaps = Swapping(gigabytes=9, memory_gigabytes=8)
        batch = plan_batch(prepared, str(file), str(bench.results), swaps)
        ended: list[set[str]] = []
        run_batch(project, batch, 3, lambda one: ended.append({one.item.id}))
    assert set().union(*ended[:3]) == {"1", "2", "3"}  # the long one holds the next three up
    assert len(engine.asked) == len(texts)


@pytest.fixture
def bench(workspace: Path) -> Bench:
    return Bench(workspace)


def test_every_item_runs_once_through_one_session(bench):
    assert bench.run("a", "b", "c") == ["1 succeeded", "2 succeeded", "3 succeeded"]
    assert (bench.engine.opened, bench.engine.closed) == (1, 1)
    assert (bench.server.opened, bench.server.closed) == (1, 1)
    assert bench.rows() == {RunStatus.SUCCEEDED: 3}
    line = json.loads(bench.results.read_text().splitlines()[0])
    assert line["output"] == "a fine summary"
    assert line["run"] == bench.told[0].finished.run.id


def test_called_again_it_does_only_what_is_not_finished(bench):
    bench.run("a", "loops", "fails")
    assert bench.lines() == ["1 succeeded", "2 rejected", "3 failed"]
    bench.engine.asked.clear()
    assert bench.run("a", "loops", "now it is fine", "new")[3:] == ["3 succeeded", "4 succeeded"]
    assert [one.input for one in bench.engine.asked] == ["now it is fine", "new"]
    bench.run("a", "loops", "now it is fine", "new")
    assert bench.engine.opened == 2  # nothing is left: nothing is started


def test_an_item_with_another_input_is_another_item(bench):
    bench.run("a")
    assert bench.run("b") == ["1 succeeded", "1 succeeded"]


def test_a_result_that_was_torn_by_a_crash_is_done_again_on_a_line_of_its_own(bench):
    bench.run("a", "b")
    whole = bench.results.read_text()
    bench.results.write_text(whole[:-40])
    bench.run("a", "b")
    first, torn, again = bench.results.read_text().splitlines()
    assert json.loads(first)["id"] == "1"
    assert json.loads(again)["id"] == "2"
    assert torn


def test_a_rejected_item_names_who_gets_it_and_a_failed_one_nobody(bench):
    bench.run("loops", "fails")
    rejected, failed = (json.loads(line) for line in bench.results.read_text().splitlines())
    assert rejected["escalate"]["to"] == "claude"
    assert [check["name"] for check in rejected["escalate"]["checks"]] == ["looping"]
    assert (failed["escalate"], failed["error"]) == (None, "`worker` failed: timed out")


@pytest.mark.parametrize("kind", ["breaks", "slow"])
def test_a_session_that_breaks_costs_its_item_and_the_rest_gets_a_new_one(bench, kind):
    statuses = [line.split()[1] for line in bench.run("a", kind, "b", "c")]
    assert statuses == ["succeeded", "failed", "succeeded", "succeeded"]
    assert (bench.engine.opened, bench.engine.closed) == (2, 2)
    assert bench.rows() == {RunStatus.SUCCEEDED: 3, RunStatus.FAILED: 1}


def test_an_engine_that_always_breaks_is_given_up(bench):
    with pytest.raises(OutsideError, match="broke off"):
        bench.run(*["breaks"] * 9)
    assert bench.engine.opened == 3
    assert bench.lines() == ["1 failed", "2 failed", "3 failed"]


def test_as_many_run_together_as_asked_and_no_more(bench):
    bench.engine.meet = threading.Barrier(3)
    bench.run(*"abcdef", parallel=3)
    assert bench.engine.most == 3
    assert bench.rows() == {RunStatus.SUCCEEDED: 6}


def test_an_interrupt_keeps_what_is_finished_and_records_what_was_under_way(bench):
    def interrupt(result: Result) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bench.run("a", "b", "c", on_result=interrupt)
    assert bench.lines() == ["1 succeeded"]
    assert bench.engine.opened == bench.engine.closed == 1
    bench.run("a", "b", "c")
    assert bench.lines() == ["1 succeeded", "2 succeeded", "3 succeeded"]


def test_results_of_another_form_are_not_mixed_in(bench):
    bench.run("a")
    spec = bench.root / "registry/specs/summarize-document.toml"
    spec.write_text(spec.read_text().replace("five sentences", "two sentences"))
    with pytest.raises(UsageError, match="results of another form") as caught:
        bench.run("a", "b")
    assert "--results" in caught.value.hint


def test_a_second_process_is_kept_away_from_a_batch_that_is_under_way(bench):
    path = str(bench.results)
    second = alone(path)
    with alone(path), pytest.raises(OutsideError, match="another process"), second:
        pass
    with alone(path):
        assert bench.run("a") == ["1 succeeded"]


def test_a_batch_that_is_none_runs_nothing(bench):
    (bench.root / "b.jsonl").write_text("no json\n")
    with bench.project() as project, pytest.raises(SourceError):
        plan_batch(
            prepare(project, "summarize-document"), str(bench.root / "b.jsonl"), str(bench.results)
        )
    assert bench.engine.opened == 0


def test_a_batch_that_is_started_again_answers_for_what_was_turned_down_before(bench: Bench):
    assert bench.run("fine", "loops") == ["1 succeeded", "2 rejected"]
    words = ["run", "summarize-document", "--batch", "b.jsonl", "--results", "b.results.jsonl"]
    again = command(*words, folder=bench.root)
    assert "every item is finished, 2 finished before (1 turned down)" in again.stderr
    assert again.returncode == 1
