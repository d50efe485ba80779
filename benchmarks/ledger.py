"""A durable append and a report over many runs, against plain sqlite3 in the same run."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median

from tests.samples import run

from conductor.adapters.ledger import open_ledger
from conductor.adapters.ledger.rows import run_row
from conductor.core.evidence import weigh
from conductor.core.savings import savings

APPENDS, RUNS = 50, 20_000


def each(act: Callable[[int], object]) -> float:
    """Give the median time of an act in milliseconds."""
    taken = []
    for number in range(APPENDS):
        began = time.perf_counter()
        act(number)
        taken.append(time.perf_counter() - began)
    return median(taken) * 1000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        ledger = open_ledger(f"sqlite:///{folder}/ledger.db")
        plain = sqlite3.connect(f"{folder}/plain.db", isolation_level=None)
        plain.execute("pragma journal_mode = wal")
        plain.execute("pragma synchronous = full")
        names = list(run_row(run()))
        plain.execute(f"create table run ({', '.join(names)})")
        places = ", ".join("?" * len(names))

        def raw(number: int) -> None:
            row = run_row(replace(run(), id=f"raw-{number}"))
            plain.execute(f"insert into run values ({places})", list(row.values()))

        def ours(number: int) -> None:
            ledger.add_run(run(f"ours-{number}"), input_text=None, output_text=None)

        base, mine = each(raw), each(ours)
        print(f"durable append: sqlite3 {base:.2f} ms, ledger {mine:.2f} ms, {mine / base:.1f} x")

        rows = [run_row(run(f"many-{number:06}")) for number in range(RUNS)]
        connection = sqlite3.connect(f"{folder}/ledger.db")
        marks = ", ".join(f":{name}" for name in names)
        connection.executemany(f"insert into run values ({marks})", rows)
        connection.commit()
        began = time.perf_counter()
        connection.execute("select * from run").fetchall()
        base = time.perf_counter() - began
        began = time.perf_counter()
        runs, evaluations = ledger.runs(), ledger.evaluations()
        weigh(runs, evaluations)
        savings(runs, evaluations)
        mine = time.perf_counter() - began
        figures = f"sqlite3 {base:.2f} s, ledger {mine:.2f} s, {mine / base:.1f} x"
        print(f"report of {RUNS:,} runs: {figures}")


if __name__ == "__main__":
    main()
