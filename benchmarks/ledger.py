"""A durable append, a report and the snapshot for `route`, over a million runs.

`python benchmarks/ledger.py [RUNS] [URL]`: by default 1,000,000 runs with 300,000 evaluations, in a
SQLite file and, where its binaries are installed, on a PostgreSQL of its own that syncs to disk and
never runs as root (`sqlite` or `postgresql`: only there); a URL names a database that is empty, or
was filled by this before. Baselines are plain SQL in the same run.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median, quantiles

from sqlalchemy import create_engine, func, insert, select
from tests.adapters.postgres import installed, serve
from tests.samples import evaluation, run

from conductor.adapters.ledger import SqlLedger, open_ledger
from conductor.adapters.ledger.rows import evaluation_row, run_row
from conductor.adapters.ledger.tables import evaluation as evaluations
from conductor.adapters.ledger.tables import run as runs
from conductor.core.entries import Context, Transition
from conductor.core.evaluation import Verdict
from conductor.core.evidence import newest_forms, snapshot, weigh
from conductor.core.learning import LoraRule, candidates
from conductor.core.report import escalations
from conductor.core.run import Run, RunStatus
from conductor.core.sampling import Sampling
from conductor.core.savings import savings

SAMPLING = Sampling(
    calibration_uses=5, rate=0.15, established_uses=20, established_acceptance_percent=80
)
APPENDS, CHUNK = 200, 5_000
ENSEMBLES, DAYS, MODES = 40, 300, 4
NEWEST = 5_000  # decisions that a report looks at
JUDGED_OF_TEN = 3
VERDICTS = (Verdict.GOOD, Verdict.ACCEPTABLE, Verdict.GOOD, Verdict.POOR)


def one_run(number: int) -> Run:
    kind = number % ENSEMBLES
    month, day = divmod(number * 7 % DAYS, 28)
    return run(
        f"{number:016}",
        at=f"2026-{month % 12 + 1:02}-{day + 1:02}T00:00:00.000Z",
        ensemble=f"ensemble-{kind}",
        bound_digest=f"sha256:{kind:064}",
        input_digest=f"sha256:{number // 2:064}",
        status=RunStatus.REJECTED if number % 50 == 0 else RunStatus.SUCCEEDED,
        due=number % 10 < JUDGED_OF_TEN,
    )


def fill(url: str, count: int) -> None:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        for start in range(0, count, CHUNK):
            rows = [run_row(one_run(number)) for number in range(start, start + CHUNK)]
            judged = [row for row in rows if row["due"]]
            # With `returning`, many rows are one statement, and the sums are updated once.
            connection.execute(insert(runs).returning(runs.c.id), rows)
            connection.execute(
                insert(evaluations).returning(evaluations.c.id), [verdict(row) for row in judged]
            )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def verdict(row: dict[str, object]) -> dict[str, object]:
    number = int(str(row["id"]))
    found = VERDICTS[number // 10 % len(VERDICTS)]
    judged = evaluation(
        f"e{row['id']}",
        one_run(number),
        verdict=found,
        failure_mode=f"mode-{number % MODES}" if found is Verdict.POOR else "",
    )
    return evaluation_row(judged, row)


def report(ledger: SqlLedger) -> str:
    """Do what `conductor report` does with the ledger; gives the snapshot's text."""
    usage = ledger.usage()
    weighed = weigh(usage, ledger.tallies([one.bound_digest for one in newest_forms(usage)]))
    ledger.judged_forms()
    escalations(usage)
    savings(usage, ledger.outputs())
    ledger.pasts(NEWEST)
    candidates(LoraRule(poor=3), ledger.poor())
    ledger.pending()
    ledger.decisions()
    return json.dumps(snapshot(weighed, SAMPLING, {}), indent=1)


def each(act: Callable[[int], object]) -> list[float]:
    """Give the times of an act in milliseconds, sorted."""
    taken = []
    for number in range(APPENDS):
        began = time.perf_counter()
        act(number)
        taken.append((time.perf_counter() - began) * 1000)
    return sorted(taken)


def timed(act: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    began = clock()
    act()
    return clock() - began


def candidate() -> Transition:
    """Note a local judge: from then on, figures ask of every verdict who gave it."""
    return Transition(
        id="candidate",
        at="2026-01-01T00:00:00.000Z",
        context=Context(ensemble="local:judge@01234567"),
        state="candidate",
        run="",
        reason="a judge of nothing yet",
    )


def measure(url: str, count: int) -> None:
    ledger = open_ledger(url)
    if not ledger.usage():
        print(f"filled in {timed(lambda: fill(url, count)):.0f} s")
    began = f"{time.time_ns():020}"

    def append(number: int) -> None:
        row = replace(run(), id=f"{began}-{number:04}")
        ledger.add_run(row, input_text=None, output_text=None)

    taken = each(append)
    worst = quantiles(taken, n=100)[98]
    print(f"durable append: median {median(taken):.2f} ms, 99 % within {worst:.2f} ms")
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    query = select(runs.c.ensemble, func.sum(runs.c.claude_tokens)).group_by(runs.c.ensemble)
    if not ledger.entries(Transition):
        ledger.add(candidate())
    with engine.connect() as connection:
        for clock, name in (
            (time.perf_counter, "on the clock"),
            (time.process_time, "of processor time here"),
        ):
            report(ledger)  # warm
            connection.execute(query).all()
            base = timed(lambda: connection.execute(query).all(), clock)
            mine = timed(lambda: report(ledger), clock)
            print(f"report: {mine:.2f} s {name}; one sum over the runs by SQL {base:.2f} s")
    engine.dispose()
    with tempfile.NamedTemporaryFile("w+") as file:
        file.write(report(ledger))
        file.flush()

        def look(_: int) -> None:
            with open(file.name, encoding="utf-8") as stream:
                json.load(stream)

        print(f"snapshot that `route` reads: {median(each(look)):.2f} ms")
    ledger.close()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    where = sys.argv[2:] or ["sqlite", "postgresql"]
    print(f"{count:,} runs, {count * JUDGED_OF_TEN // 10:,} evaluations, {ENSEMBLES} ensembles")
    for one in where:
        print(f"-- {one}")
        if one == "sqlite":
            with tempfile.TemporaryDirectory() as folder:
                measure(f"sqlite:///{folder}/ledger.db", count)
        elif one != "postgresql":
            measure(one, count)
        elif installed():
            with serve(durable=True) as server:
                measure(server.database(), count)
        else:
            print("left out: its binaries are not installed (Debian: apt install postgresql)")


if __name__ == "__main__":
    main()
